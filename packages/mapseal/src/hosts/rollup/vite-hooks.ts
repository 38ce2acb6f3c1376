import type { MapSetting } from '@mapseal/core'
import type { NormalizedInputOptions, NormalizedOutputOptions, OutputChunk, OutputOptions, PluginContext } from 'rollup'
import type { RollupSession } from './session.ts'

/** The parts of a chunk that its file name may depend on. */
export type NamedChunk = Pick<OutputChunk, 'facadeModuleId' | 'isEntry' | 'exports'>

/**
 * What the Vite host adds to what Rollup knows. Functions, because Vite settles most of it after the plugin was made: they
 * are called from `buildStart` on, when its config is resolved.
 */
export interface ViteHooks {
  /** Shared with the Vite host, which names the release's script by the build's snippet. */
  session: RollupSession
  /** Whether this is the build of a web worker inside another build. */
  isWorker: boolean
  /** The root of the build whose config was resolved last, absolute. */
  root(): string
  isWatch(): boolean
  buildStarted(input: NormalizedInputOptions, context: object): void
  /**
   * Who decided on the source maps of an output: Vite passes on its own setting, which was decided before.
   *
   * @param context the plugin context of the hook
   */
  outputMapsBy(sourcemap: OutputOptions['sourcemap'], context: object): 'vite' | 'user' | 'plugin'
  /** What the user set for source maps, before we changed it. */
  mapSetting(): MapSetting
  /** Whether a plugin that is neither Vite's nor ours may look at the output's maps. */
  isMapWatched(): boolean
  /** Whether another plugin has replaced a hook in which one of Vite's own sees the bundle. */
  areHooksWrapped(): boolean
  /** Learns what an output is to be like before its chunks are named. */
  outputStarted(output: NormalizedOutputOptions): void
  /** The path of the script that carries the release for a chunk that an HTML page loads; undefined for other chunks. */
  releaseScript(chunk: NamedChunk): string | undefined
  /** Whether an entry is loaded by another script alone, so that it need not name the release. */
  isOnlyLoaded(chunk: NamedChunk, context: PluginContext): boolean
  /** Whether Vite drops the chunk if, as now, it is nothing but imports. */
  isDroppedFacade(chunk: OutputChunk): boolean
}
