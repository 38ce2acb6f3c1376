import { resolve } from 'node:path'
import { emptyMap, inject } from '@mapseal/core'
import type { EmittedAsset, NormalizedOutputOptions, OutputChunk, Plugin, PluginContextMeta } from 'rollup'
import type { RollupBuild } from './build.ts'
import { type BundleSealing, stampChunk } from './bundle.ts'
import { closePlugin } from './close-plugin.ts'
import { mapNameOf } from './map-assets.ts'
import { decideOutputMaps } from './output-maps.ts'
import { watchOutputPlugins, watchPlugins } from './render-watch.ts'
import { isScript } from './scripts.ts'
import { pairStrays } from './strays.ts'
import { requireRollupVersion } from './tool-version.ts'

/** Opens the build, injects into every chunk before other plugins see the bundle, and ends a build that fails. */
export function injectPlugin(build: RollupBuild): Plugin {
  const { session } = build
  const decideMaps = decideOutputMaps(build)
  return {
    name: 'mapseal',
    options: {
      order: 'post',
      handler(input) {
        build.meetTool(input.plugins)
        // Rollup 2 knows no list in a list, and must come as far as to be told that it is too old.
        return { ...input, plugins: [watchPlugins(input.plugins, build), closePlugin(build)].flat() }
      },
    },

    outputOptions: {
      order: 'post',
      handler(output) {
        build.meet([output.plugins as unknown].flat(Number.POSITIVE_INFINITY))
        watchOutputPlugins(output.plugins, build.noteLeftMap)
        return decideMaps.call(this, output)
      },
    },

    async buildStart(input) {
      build.meet(input.plugins)
      requireRollupVersion(this.meta, build.vite)
      build.vite?.buildStarted(input, this)
      if (!build.isWatch(this.meta)) await session.open(input, this)
    },

    async renderStart(output, input) {
      build.vite?.outputStarted(output)
      if (!build.isWatch(this.meta)) await session.outputStarted(output, input, this)
    },

    augmentChunkHash(chunk) {
      // The name still has a placeholder for the hash.
      if (build.isWatch(this.meta) || !session.current().selects(chunk.fileName)) return undefined
      return session.current().nameSeed(build.carriesRelease(chunk, this))
    },

    generateBundle: {
      order: 'pre',
      handler(output, bundle, isWrite) {
        if (build.isWatch(this.meta)) return
        const sealing = build.sealingOf(output, bundle)
        const chunks = Object.values(bundle).filter(file => file.type === 'chunk')
        const carries = (chunk: OutputChunk) => build.carriesRelease(chunk, this)
        pairStrays(sealing, chunks)
        injectChunks(build, sealing, chunks, { ...mapHandling(build, this.meta, output, isWrite), carries })
        if (chunks.length > 0 && !chunks.some(isScript)) sealing.session.markScriptless()
        const script = releaseScript(build, sealing, chunks)
        if (script) this.emitFile(script)
      },
    },

    async buildEnd(error) {
      if (error) await session.leave(this, 'failed')
    },
    async renderError() {
      await session.leave(this, 'failed')
    },
  }
}

interface MapHandling {
  /** See `ChunkTraits`. */
  editsMap(chunk: OutputChunk): boolean
  /** See `ChunkTraits`. */
  isWatched(chunk: OutputChunk): boolean
  /** Whether nothing reads the map object of a chunk whose map is edited later. */
  isMapUnseen: boolean
}

function mapHandling(
  build: RollupBuild,
  meta: PluginContextMeta,
  output: NormalizedOutputOptions,
  isWrite: boolean,
): MapHandling {
  const { vite } = build
  const isWatched = build.isBundleWatched()
  const isAlwaysEdited =
    output.sourcemapDebugIds || !('rolldownVersion' in meta) || vite?.isWorker === true || isWatched
  const isRebuiltByVite = (chunk: OutputChunk) => vite !== undefined && chunk.code.includes('__VITE_PRELOAD__')
  return {
    editsMap: chunk => isAlwaysEdited || isRebuiltByVite(chunk),
    // Vite changes the code and looks for the map by that name alone.
    isWatched: chunk => isWatched || (isRebuiltByVite(chunk) && mapNameOf(chunk) !== `${chunk.fileName}.map`),
    isMapUnseen: isWrite && vite?.isMapWatched() === false && sendsMapsBack(meta),
  }
}

function injectChunks(
  build: RollupBuild,
  sealing: BundleSealing,
  chunks: OutputChunk[],
  { editsMap, isMapUnseen, isWatched, carries }: MapHandling & { carries(chunk: OutputChunk): boolean },
): void {
  for (const chunk of chunks) {
    if (build.vite?.isDroppedFacade(chunk) || !isScript(chunk)) continue
    if (!sealing.session.selects(chunk.fileName, sealing.outDir)) continue
    if (!sealing.session.claim(resolve(sealing.outDir, chunk.fileName), build.owner)) continue
    const isEdited = editsMap(chunk)
    stampChunk(sealing, chunk, {
      carriesRelease: carries(chunk),
      editsMap: isEdited,
      isWatched: isWatched(chunk),
    })
    if (!isEdited && isMapUnseen) chunk.map = null
  }
}

/** The script of the release's own, where pages load one. */
function releaseScript(
  { vite, owner, isBundleWatched }: RollupBuild,
  { session, outDir, stamps, held }: BundleSealing,
  chunks: OutputChunk[],
): EmittedAsset | undefined {
  const fileName = session.release && chunks.map(chunk => vite?.releaseScript(chunk)).find(Boolean)
  if (!fileName || !session.claim(resolve(outDir, fileName), owner)) return undefined
  const { code, debugId } = inject('', { path: fileName, snippet: session.snippet(true) })
  const stamp = { debugId, isRelease: true }
  stamps.set(resolve(outDir, fileName), stamp)
  if (isBundleWatched()) held.set(debugId, { path: fileName, stamp, code, map: emptyMap })
  return { type: 'asset', fileName, source: code }
}

/**
 * Before 1.3, Rolldown sends the map object of every changed chunk to JavaScript and back, read or not: a tenth of a build
 * (measured). The asset that is written is another copy, so the object is dropped where no plugin reads it.
 */
function sendsMapsBack(meta: object): boolean {
  const { rolldownVersion = '' } = meta as { rolldownVersion?: string }
  const [major = 0, minor = 0] = rolldownVersion.split('.').map(Number)
  return rolldownVersion !== '' && (major < 1 || (major === 1 && minor < 3))
}
