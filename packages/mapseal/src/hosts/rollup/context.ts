import type { ConnectedOptions } from '@mapseal/core'
import type { OutputChunk } from 'rollup'

/** What Vite adds to what Rollup knows. */
export interface RollupContext {
  options: ConnectedOptions
  /** The project's folder: Vite's root, else the working folder. */
  root: string
  /** Where nested builds, which have no folder of their own, end up. */
  outDir?: string
  /** Vite decides on source maps before Rollup asks, and says when a build is over. */
  isVite: boolean
  /** The build of a web worker inside another build. */
  isWorker: boolean
  isWatch: boolean
  /** Whether a plugin that is neither Vite's nor ours may look at the output's maps. */
  isMapWatched?: boolean
  /** What the release's own script is named by; set by the Rollup host once a build is open. */
  snippetOfRelease?: () => string | undefined
  /** Chunks that an HTML page loads: their release is carried by a script of its own, whose path is returned. */
  releaseScript?: (chunk: { facadeModuleId: string | null; isEntry: boolean }) => string | undefined
  /** Chunks that Vite drops if, as now, they are nothing but imports. */
  isDroppedFacade?: (chunk: OutputChunk) => boolean
}
