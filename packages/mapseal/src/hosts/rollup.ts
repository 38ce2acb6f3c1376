import { dirname, resolve } from 'node:path'
import {
  computeDebugId,
  decideMaps,
  editMap,
  type Insertion,
  inject,
  inlineMap,
  joinSession,
  type MapDecision,
  mapLimit,
  mapPattern,
  type Participation,
  type ResolvedOptions,
  readMapId,
  readTail,
  reason,
  scriptPattern,
  shiftMappingsText,
} from '@mapseal/core'
import type { NormalizedOutputOptions, OutputAsset, OutputBundle, OutputChunk, OutputOptions, Plugin } from 'rollup'
import { requireVersion } from '../versions.ts'
import { bytesOf, textOf } from './bytes.ts'

/** What Vite adds to what Rollup knows. */
export interface RollupContext {
  options: ResolvedOptions
  /** The project's folder: Vite's root, else the working folder. */
  root: string
  /** Where nested builds, which have no folder of their own, end up. */
  outDir?: string
  /** The build of a web worker inside another build. */
  isWorker: boolean
  isWatch: boolean
  /** What the release's own script is named by; set by this host once a build is open. */
  snippetOfRelease?: () => string | undefined
  /** Vite has decided on source maps before Rollup asks. */
  isVite: boolean
  /** Chunks that an HTML page loads: their release is carried by a script of its own, whose path is returned. */
  releaseScript?: (chunk: { facadeModuleId: string | null; isEntry: boolean }) => string | undefined
  /** Chunks that Vite drops if, as now, they are nothing but imports. */
  isDroppedFacade?: (chunk: OutputChunk) => boolean
}

interface Stamp {
  debugId: string
  problem?: string
}

/**
 * Rollup, Rolldown and both Vites. Two plugins, because a plugin has one `generateBundle`: the first injects before all
 * others see the code, so that digests and manifests are right; the last takes the source maps before they are written.
 */
export function rollupHost(context: RollupContext): [inject: Plugin, seal: Plugin] {
  const { options } = context
  const stamps = new Map<string, Stamp>()
  const owner = {}
  let participations: Participation[] = []
  let hasAnnounced = false

  const session = () => participations.at(-1) as Participation
  const leave = async (outcome: 'done' | 'failed') => {
    const left = participations
    participations = []
    for (const participation of left) await participation.leave(outcome)
  }
  context.snippetOfRelease = () => (participations.at(-1)?.release ? session().snippet(true) : undefined)
  const carries = (chunk: { isEntry: boolean; facadeModuleId: string | null }) =>
    chunk.isEntry && !context.isWorker && context.releaseScript?.(chunk) === undefined

  function announce({ message, level }: MapDecision): void {
    if (!message || hasAnnounced) return
    hasAnnounced = true
    options.logger[level](message)
  }

  function stampChunk(bundle: OutputBundle, chunk: OutputChunk, outDir: string, isRolldown: boolean): void {
    const asset = mapOf(bundle, chunk)
    const map = asset ? bytesOf(asset.source) : inlineMap(readTail(chunk.code).mapUrl)
    const injected = inject(chunk.code, {
      path: chunk.fileName,
      snippet: session().snippet(carries(chunk)),
      supplement: session().supplement(carries(chunk)),
      mapDebugId: map && readMapId(map),
      takeId: id => session().takeId(id, resolve(outDir, chunk.fileName)),
    })
    const isRebuiltFromObject = chunk.code.includes('__VITE_PRELOAD__') || context.isWorker
    chunk.code = injected.code
    const stamp: Stamp = { debugId: injected.debugId }
    stamps.set(chunk.fileName, stamp)
    if (!injected.insertion) return
    if (isRebuiltFromObject || !isRolldown) shiftObject(chunk, injected.insertion)
    if (!asset) return
    try {
      asset.source = editMap(map as Buffer, { insertion: injected.insertion })
    } catch (cause) {
      stamp.problem = `its source map is malformed (${reason(cause)})`
    }
  }

  async function sealScript(bundle: OutputBundle, file: OutputChunk | OutputAsset, outDir: string): Promise<void> {
    const asset = mapOf(bundle, file)
    const code = file.type === 'chunk' ? file.code : textOf(file.source)
    const tail = readTail(code)
    let { debugId, problem } = stamps.get(file.fileName) ?? lateStamp(file.fileName, code)
    if (tail.mapUrl !== undefined) {
      const sealed = `${code.slice(0, tail.bodyEnd)}${tail.debugId ? `\n//# debugId=${tail.debugId}` : ''}\n`
      if (file.type === 'chunk') file.code = sealed
      else file.source = sealed
    }
    const isReleaseScript = file.type === 'asset' && stamps.has(file.fileName)
    let map = asset ? bytesOf(asset.source) : isReleaseScript ? emptyMap : inlineMap(tail.mapUrl)
    if (map) {
      try {
        map = editMap(map, { debugId })
      } catch (cause) {
        problem ??= `its source map is malformed (${reason(cause)})`
      }
    } else if (hasOriginal(file) && stamps.has(file.fileName)) problem ??= 'the bundler made no source map for it'
    const bytes = Buffer.from(file.type === 'chunk' ? file.code : textOf(file.source))
    await session().add(outDir, { path: file.fileName, debugId, code: bytes, ...(map ? { map } : {}) }, problem)
    if (!asset) return
    if (options.output === 'sealed') delete bundle[asset.fileName]
    else if (map) asset.source = map
  }

  const first: Plugin = {
    name: 'mapseal',

    outputOptions: {
      order: 'post',
      handler(output: OutputOptions) {
        const isWatch = context.isWatch || this.meta.watchMode
        const decision = decideMaps(settingOf(output.sourcemap), isWatch, '"output.sourcemap"', options.output)
        if (!context.isVite) announce(decision)
        else if (output.sourcemap === false || output.sourcemap === undefined) return null
        if (decision.use === 'leave') return null
        return { ...output, sourcemap: decision.use === 'hidden' ? 'hidden' : false }
      },
    },

    async buildStart() {
      const { rollupVersion, rolldownVersion, viteVersion } = this.meta as {
        rollupVersion?: string
        rolldownVersion?: string
        viteVersion?: string
      }
      if (context.isVite) requireVersion('Vite', viteVersion)
      else if (rolldownVersion) requireVersion('Rolldown', rolldownVersion)
      else requireVersion('Rollup', rollupVersion)
      context.isWatch ||= this.meta.watchMode
      if (!context.isWatch) participations.push(await joinSession(options, context.root))
    },

    augmentChunkHash(chunk) {
      return context.isWatch ? undefined : session().snippet(carries(chunk))
    },

    generateBundle: {
      order: 'pre',
      handler(output, bundle) {
        if (context.isWatch) return
        const isRolldown = 'rolldownVersion' in this.meta
        const outDir = outDirOf(context, output)
        const chunks = Object.values(bundle).filter(file => file.type === 'chunk')
        for (const chunk of chunks) {
          if (context.isDroppedFacade?.(chunk)) continue
          if (!session().claim(resolve(outDir, chunk.fileName), owner)) continue
          stampChunk(bundle, chunk, outDir, isRolldown)
        }
        const path = session().release && chunks.map(chunk => context.releaseScript?.(chunk)).find(Boolean)
        if (path && session().claim(resolve(outDir, path), owner)) {
          const { code, debugId } = inject('', { path, snippet: session().snippet(true) })
          stamps.set(path, { debugId })
          this.emitFile({ type: 'asset', fileName: path, source: code })
        }
      },
    },

    buildEnd: error => (error ? leave('failed') : undefined),
    renderError: () => leave('failed'),
    closeBundle: { order: 'post', sequential: true, handler: () => leave('done') },
  }

  const last: Plugin = {
    name: 'mapseal:seal',
    generateBundle: {
      order: 'post',
      async handler(output, bundle) {
        if (context.isWatch) return dropMaps(bundle, options)
        const outDir = outDirOf(context, output)
        const files = Object.values(bundle).filter(
          file =>
            file.type === 'chunk' ||
            (scriptPattern.test(file.fileName) && (stamps.has(file.fileName) || mapOf(bundle, file))),
        )
        const ours = files.filter(file => session().claim(resolve(outDir, file.fileName), owner))
        await mapLimit(ours, 4, file => sealScript(bundle, file, outDir))
        dropMaps(bundle, options)
      },
    },
  }
  return [first, last]
}

/** The release's own script has no original. */
const emptyMap = Buffer.from('{"version":3,"sources":[],"names":[],"mappings":""}')

function outDirOf(context: RollupContext, output: NormalizedOutputOptions): string {
  const dir = output.dir ?? (output.file ? dirname(output.file) : (context.outDir ?? ''))
  return resolve(context.root, dir)
}

function settingOf(sourcemap: OutputOptions['sourcemap']) {
  if (sourcemap === undefined) return 'unset'
  if (sourcemap === false) return 'off'
  return sourcemap === true ? 'visible' : sourcemap
}

function mapOf(bundle: OutputBundle, file: OutputChunk | OutputAsset): OutputAsset | undefined {
  const name = (file.type === 'chunk' && file.sourcemapFileName) || `${file.fileName}.map`
  const asset = bundle[name]
  return asset?.type === 'asset' ? asset : undefined
}

/** Not so of what the bundler itself wrote, such as its helpers, and of files of nothing but imports and exports. */
function hasOriginal(file: OutputChunk | OutputAsset): boolean {
  if (file.type === 'asset') return true
  const isVirtual = file.moduleIds.every(id => id.startsWith('\0'))
  return !isVirtual && Object.values(file.modules).some(module => module.renderedLength > 0)
}

/** Vite rebuilds the maps of some chunks from this object, and takes those of workers from it. */
function shiftObject(chunk: OutputChunk, insertion: Insertion): void {
  const { map } = chunk
  if (map) chunk.map = Object.assign(map, { mappings: shiftMappingsText(map.mappings, insertion) })
}

/** Maps that are left: of workers, which their own build has sealed, and of files that are not scripts. */
function dropMaps(bundle: OutputBundle, { output }: ResolvedOptions): void {
  if (output === 'keep') return
  for (const name of Object.keys(bundle)) if (mapPattern.test(name)) delete bundle[name]
}

/** For a script that another plugin added after injection, such as polyfills; its bytes are left as its name promises. */
function lateStamp(path: string, code: string): Stamp {
  return { debugId: computeDebugId(path, hash => void hash.update(code)) }
}
