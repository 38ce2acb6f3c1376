import { resolve } from 'node:path'
import {
  type ConnectedOptions,
  decideMaps,
  joinSession,
  type MapSetting,
  MapsealError,
  type Participation,
  settleOutput,
} from '@mapseal/core'
import { requireVersion } from '../../versions.ts'
import { markerOf, outputsOf } from '../esbuild/outputs.ts'
import { sealOutputs } from '../esbuild/seal.ts'
import { type BunResult, carrierNames, toMetafile, updateArtifacts } from './outputs.ts'

/** What this host uses of a plugin's `build` in Bun, whose types are globals of a whole other run time. */
export interface BunBuilder {
  config: {
    outdir?: string
    sourcemap?: boolean | 'none' | 'linked' | 'inline' | 'external'
    naming?: string | { entry?: string }
    footer?: string
    metafile?: boolean
    compile?: unknown
  }
  onStart(callback: () => Promise<void>): void
  onEnd(callback: (result: BunResult) => Promise<void>): void
}

declare const Bun: { version: string } | undefined

/**
 * Bun, like esbuild, names and writes its files before a plugin may see them, so this host edits them where they lie. The
 * debug IDs that Bun itself makes are adopted.
 */
export function bunHost(build: BunBuilder, given: ConnectedOptions): void {
  if (typeof Bun === 'undefined') throw new MapsealError('bun', 'This plugin runs in Bun. Start the build with `bun`.')
  requireVersion('Bun', Bun.version)
  const { config } = build
  const root = process.cwd()
  const options = settleOutput(given, settingOf(config.sourcemap))
  if (config.outdir === undefined || config.compile) {
    const found = config.compile ? 'makes an executable' : 'has no "outdir"'
    options.logger.warn(`[mapseal] [bun] the build ${found}, so nothing is sealed. Build into a folder with "outdir".`)
    return
  }
  const outDir = resolve(root, config.outdir)
  const { use, message, level } = decideMaps(settingOf(config.sourcemap), false, '"sourcemap"', options.output)
  if (message) options.logger[level](message)
  if (use === 'hidden') config.sourcemap = 'external'
  config.metafile = true
  const marker = markerOf(options)
  // Part of what Bun hashes for its file names, so that they are honest when the snippet changes.
  if (!config.footer?.includes(marker)) config.footer = (config.footer ?? '') + marker
  const owner = {}
  let participation: Participation | undefined

  build.onStart(async () => {
    participation = await joinSession(options, root)
  })

  build.onEnd(async result => {
    const session = participation
    if (!session) return
    if (!result.success) return void (await session.leave('failed'))
    try {
      const files = outputsOf({ metafile: toMetafile(result, root) }, root)
      const carriers = carrierNames(result, config.naming, session.snippet(true))
      await sealOutputs({ files, outDir, session, options, marker }, owner, path => carriers.get(path))
      updateArtifacts(result, session.release ? carriers : new Map())
    } catch (cause) {
      await session.leave('failed')
      throw cause
    }
    await session.leave('done')
  })
}

function settingOf(sourcemap: BunBuilder['config']['sourcemap']): MapSetting {
  if (sourcemap === undefined) return 'unset'
  if (sourcemap === false || sourcemap === 'none') return 'off'
  if (sourcemap === 'external') return 'hidden'
  return sourcemap === 'linked' ? 'visible' : 'inline'
}
