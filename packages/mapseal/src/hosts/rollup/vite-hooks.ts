import type { NormalizedOutputOptions, OutputChunk } from 'rollup'
import type { RollupSession } from './session.ts'

/** The parts of a chunk that its file name may depend on. */
export type NamedChunk = Pick<OutputChunk, 'facadeModuleId' | 'isEntry'>

/**
 * What the Vite host adds to what Rollup knows. Functions, because Vite settles most of it after the plugin was made: they
 * are called from `buildStart` on, when its config is resolved.
 */
export interface ViteHooks {
  /** Shared with the Vite host, which names the release's script by the build's snippet. */
  session: RollupSession
  /** Whether this is the build of a web worker inside another build. */
  isWorker: boolean
  /** Vite's root, absolute. */
  root(): string
  /** Where nested builds, which have no folder of their own, end up. */
  outDir(): string
  isWatch(): boolean
  /** Whether the user's config asks for source maps. */
  hasOwnMaps(): boolean
  /** Whether a plugin that is neither Vite's nor ours may look at the output's maps. */
  isMapWatched(): boolean
  /** Learns what an output is to be like before its chunks are named. */
  outputStarted(output: NormalizedOutputOptions): void
  /** The path of the script that carries the release for a chunk that an HTML page loads; undefined for other chunks. */
  releaseScript(chunk: NamedChunk): string | undefined
  /** Whether Vite drops the chunk if, as now, it is nothing but imports. */
  isDroppedFacade(chunk: OutputChunk): boolean
}
