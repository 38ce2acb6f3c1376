import { dirname, resolve } from 'node:path'
import {
  type ConnectedOptions,
  decideMaps,
  joinSession,
  type MapSetting,
  type Participation,
  readTrailingComments,
  scriptPattern,
  settleOutput,
} from '@mapseal/core'
import type { BuildOptions, BuildResult, PluginBuild } from 'esbuild'
import { requireVersion } from '../../versions.ts'
import { holdsId, watchLateWrites } from './late-writes.ts'
import { dropMaps, mapsOf, markerOf, outputsOf } from './outputs.ts'
import { renameReferences } from './references.ts'
import { carrierNames } from './release.ts'
import { sealOutputs } from './seal.ts'
import { lendOptions } from './settings.ts'
import { keepOrphans, reportUnsealed } from './taken.ts'

/**
 * esbuild names and writes its files before a plugin may see them, so this host edits them where they lie: on disk, or in
 * `outputFiles` with `write: false`. A marker in the footer keeps names honest when the snippet changes.
 */
export function esbuildHost(build: PluginBuild, given: ConnectedOptions): void {
  requireVersion('esbuild', build.esbuild.version)
  const { initialOptions } = build
  const root = resolve(initialOptions.absWorkingDir ?? '.')
  const isOfTsup = isTsup(initialOptions)
  // It sets `false` where its user wrote nothing.
  const setting = isOfTsup && initialOptions.sourcemap === false ? 'unset' : settingOf(initialOptions.sourcemap)
  const options = settleOutput(given, setting)
  const { use, message, level } = decideMaps(setting, false, '"sourcemap"', options.output)
  if (message) options.logger[level](message)
  const marker = markerOf(options)
  const footer = initialOptions.footer?.js ?? ''
  const restoreOptions = lendOptions(initialOptions, {
    ...(use === 'hidden' && { sourcemap: 'external' }),
    metafile: true,
    ...(!footer.includes(marker) && { footer: { ...initialOptions.footer, js: withMarker(footer, marker) } }),
  })
  const owner = {}
  let participation: Participation | undefined
  let hasSealed = false
  let startedAt = 0
  let maps: string[] = []
  let isFinishing = false

  build.onStart(async () => {
    restoreOptions()
    startedAt = Date.now()
    await participation?.leave('failed') // Its last build never came to an end.
    // A plugin cannot see whether esbuild is watching, but only a context builds again what has come out well.
    if (hasSealed && participation) options.logger.info(rebuildLine)
    participation = hasSealed ? undefined : await joinSession(options, root)
  })

  build.onEnd(async result => {
    const files = outputsOf(result, root, startedAt)
    maps = mapsOf(files)
    if (!participation) return void (options.output === 'sealed' && dropMaps(files))
    // Errors of other plugins do not keep esbuild from writing, and maps that are written must not stay.
    if (files.size === 0 && result.errors.length > 0) return void (await participation.leave('failed'))
    // Added while esbuild goes through the list, it is the last: what plugins after ours do to the files is settled.
    if (!isFinishing) build.onEnd(finish)
    isFinishing = true
    try {
      const session = participation
      const carrierOf = carrierNames(result, initialOptions, root, session.snippet(true))
      const outDir = outDirOf(initialOptions, root)
      const sealer = { files, outDir, session, options, marker }
      await keepOrphans(sealer)
      const isOnDisk = !result.outputFiles || [...files.values()].some(({ isWrittenOut }) => isWrittenOut)
      const renames = await sealOutputs(sealer, owner, carrierOf)
      if (isOnDisk) await renameReferences(outDir, root, renames, files)
      // With `write: false`, a plugin may have written them into another folder of the output.
      const since = startedAt
      session.beforeEnd(() => reportUnsealed(sealer, root, since))
    } catch (cause) {
      await participation.leave('failed')
      throw cause
    }
  })

  async function finish(result: BuildResult): Promise<void> {
    const scripts = result.outputFiles
      ?.filter(({ path }) => scriptPattern.test(path))
      .map(({ path, text }) => ({ path, debugId: readTrailingComments(text).debugId }))
    if (scripts && !isOfTsup && !scripts.some(holdsId)) participation?.markInMemory(outDirOf(initialOptions, root))
    if (scripts && options.output === 'sealed') watchLateWrites({ maps, scripts, startedAt, options })
    const isDone = result.errors.length === 0
    hasSealed ||= isDone
    await participation?.leave(isDone ? 'done' : 'failed', isOfTsup)
  }
}

const rebuildLine =
  '[mapseal] [build] From its second build on, a context of esbuild counts as watching: nothing is sealed. To ship what it builds, use esbuild.build().'

/** Without `outdir` or `outfile` there is no folder, and paths are below the working folder. */
function outDirOf({ outdir, outfile }: BuildOptions, root: string): string {
  return resolve(root, outdir ?? (outfile ? dirname(outfile) : '.'))
}

/**
 * Whether tsup builds. It writes the files itself once esbuild is done, and may have others rewrite them before: Rollup for
 * `treeshake`, SWC for `es5`, Sucrase, Terser. So what became of them is known when the process has nothing left to do.
 */
function isTsup({ plugins = [] }: BuildOptions): boolean {
  const names = new Set(plugins.map(({ name }) => name))
  return names.has('modify-options') && names.has('native-node-modules')
}

function settingOf(sourcemap: BuildOptions['sourcemap']): MapSetting {
  if (sourcemap === undefined) return 'unset'
  if (sourcemap === false) return 'off'
  if (sourcemap === 'external') return 'hidden'
  return sourcemap === 'inline' || sourcemap === 'both' ? 'inline' : 'visible'
}

/** What stands behind a `sourceURL` would be part of the name that stacks show. */
function withMarker(footer: string, marker: string): string {
  return /\/\/[#@]\s*sourceURL=\S*$/.test(footer) ? `${footer}\n${marker}` : footer + marker
}
