import { dirname, resolve } from 'node:path'
import { decideMaps, inject, type MapDecision, type MapSetting, scriptPattern } from '@mapseal/core'
import type { NormalizedOutputOptions, OutputBundle, OutputOptions, Plugin } from 'rollup'
import { requireVersion } from '../../versions.ts'
import { withScratches } from '../scratch.ts'
import {
  type BundleSealing,
  dropMaps,
  mapOf,
  type Stamp,
  sealScript,
  sealWritten,
  stampChunk,
  toWritten,
  type Written,
} from './bundle.ts'
import type { RollupContext } from './context.ts'
import { rollupSession } from './session.ts'

/**
 * Rollup, Rolldown and both Vites. Two plugins, because a plugin has one `generateBundle`: the first injects before all
 * others see the code, so that digests and manifests are right; the last takes the source maps before they are written.
 */
export function rollupHost(context: RollupContext): [inject: Plugin, seal: Plugin] {
  const { options } = context
  const session = rollupSession(context)
  const stamps = new Map<string, Stamp>()
  const owner = {}
  /** By output folder. */
  const written = new Map<string, Written[]>()
  let hasAnnounced = false

  context.snippetOfRelease = () =>
    session.isOpen() && session.current().release ? session.current().snippet(true) : undefined
  const carries = (chunk: { isEntry: boolean; facadeModuleId: string | null }) =>
    chunk.isEntry && !context.isWorker && context.releaseScript?.(chunk) === undefined
  const sealingOf = (output: NormalizedOutputOptions, bundle: OutputBundle): BundleSealing => {
    const dir = output.dir ?? (output.file ? dirname(output.file) : (context.outDir ?? ''))
    return { bundle, outDir: resolve(context.root, dir), session: session.current(), stamps }
  }

  function announce({ message, level }: MapDecision): void {
    if (!message || hasAnnounced) return
    hasAnnounced = true
    options.logger[level](message)
  }

  const first: Plugin = {
    name: 'mapseal',

    outputOptions: {
      order: 'post',
      handler(output: OutputOptions) {
        const isWatch = context.isWatch || this.meta.watchMode
        const decision = decideMaps(settingOf(output.sourcemap), isWatch, '"output.sourcemap"', options.output)
        if (!context.isVite) announce(decision)
        else if (!output.sourcemap) return null
        if (decision.use === 'leave') return null
        return { ...output, sourcemap: decision.use === 'hidden' ? 'hidden' : false }
      },
    },

    async buildStart() {
      requireVersions(this.meta, context.isVite)
      context.isWatch ||= this.meta.watchMode
      if (!context.isWatch) await session.open()
    },

    async renderStart() {
      if (!context.isWatch) await session.outputStarted()
    },

    augmentChunkHash(chunk) {
      // The name still has a placeholder for the hash.
      if (context.isWatch || !session.current().selects(chunk.fileName)) return undefined
      return session.current().snippet(carries(chunk))
    },

    generateBundle: {
      order: 'pre',
      handler(output, bundle, isWrite) {
        if (context.isWatch) return
        const sealing = sealingOf(output, bundle)
        const { claim, release, selects, snippet } = sealing.session
        const chunks = Object.values(bundle).filter(file => file.type === 'chunk')
        const isRolldown = 'rolldownVersion' in this.meta
        const hasOwnIds = output.sourcemapDebugIds
        const isMapUnseen = isWrite && context.isMapWatched === false && sendsMapsBack(this.meta)
        for (const chunk of chunks) {
          if (context.isDroppedFacade?.(chunk) || !selects(chunk.fileName, sealing.outDir)) continue
          if (!claim(resolve(sealing.outDir, chunk.fileName), owner)) continue
          const isRebuilt = context.isVite && (context.isWorker || chunk.code.includes('__VITE_PRELOAD__'))
          const editsMap = isRebuilt || hasOwnIds || !isRolldown
          stampChunk(sealing, chunk, { carriesRelease: carries(chunk), editsMap })
          if (!editsMap && isMapUnseen) chunk.map = null
        }
        const fileName = release && chunks.map(chunk => context.releaseScript?.(chunk)).find(Boolean)
        if (!fileName || !claim(resolve(sealing.outDir, fileName), owner)) return
        const { code, debugId } = inject('', { path: fileName, snippet: snippet(true) })
        stamps.set(resolve(sealing.outDir, fileName), { debugId })
        this.emitFile({ type: 'asset', fileName, source: code })
      },
    },

    buildEnd: error => (error ? session.leave('failed') : undefined),
    renderError: () => session.leave('failed'),
    closeBundle: { order: 'post', sequential: true, handler: () => session.leave('done') },
  }

  const last: Plugin = {
    name: 'mapseal:seal',

    generateBundle: {
      order: 'post',
      async handler(output, bundle, isWrite) {
        if (!context.isWatch) {
          const sealing = sealingOf(output, bundle)
          const path = (name: string) => resolve(sealing.outDir, name)
          const files = Object.values(bundle).filter(file => {
            if (stamps.has(path(file.fileName))) return true
            const isScript = file.type === 'chunk' || (scriptPattern.test(file.fileName) && mapOf(bundle, file))
            return isScript && sealing.session.selects(file.fileName, sealing.outDir)
          })
          const ours = files.filter(file => sealing.session.claim(path(file.fileName), owner))
          if (isWrite && !sealing.session.isStored())
            written.set(
              sealing.outDir,
              ours.map(file => toWritten(sealing, file)),
            )
          else {
            await withScratches(ours, (file, scratches) => sealScript(sealing, file, options, scratches))
            await sealing.session.commit()
          }
          if (!isWrite) session.outputEnded()
        }
        dropMaps(bundle, options)
      },
    },

    async writeBundle(output, bundle) {
      if (context.isWatch) return
      const sealing = sealingOf(output, bundle)
      const files = written.get(sealing.outDir) ?? []
      written.delete(sealing.outDir)
      await withScratches(files, (file, { map }) => sealWritten(sealing, file, map))
      session.outputEnded()
    },
  }
  return [first, last]
}

/**
 * Before 1.3, Rolldown sends the map object of every changed chunk to JavaScript and back, read or not: a tenth of a build
 * (measured). The asset that is written is another copy, so where nobody looks at the object, it is dropped.
 */
function sendsMapsBack(meta: object): boolean {
  const { rolldownVersion = '' } = meta as { rolldownVersion?: string }
  const [major = 0, minor = 0] = rolldownVersion.split('.').map(Number)
  return rolldownVersion !== '' && (major < 1 || (major === 1 && minor < 3))
}

function requireVersions(meta: object, isVite: boolean): void {
  const { rollupVersion, rolldownVersion, viteVersion } = meta as Record<string, string | undefined>
  if (isVite) requireVersion('Vite', viteVersion)
  else if (rolldownVersion) requireVersion('Rolldown', rolldownVersion)
  else requireVersion('Rollup', rollupVersion)
}

function settingOf(sourcemap: OutputOptions['sourcemap']): MapSetting {
  if (sourcemap === undefined) return 'unset'
  if (sourcemap === false) return 'off'
  return sourcemap === true ? 'visible' : sourcemap
}
