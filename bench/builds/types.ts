export const bundlers = ['vite8', 'vite7', 'webpack', 'rspack', 'rollup', 'rolldown', 'esbuild'] as const
export type Bundler = (typeof bundlers)[number]

/**
 * `inject`: IDs alone, maps stay beside the code; `vault`: sealed, kept locally; `full`: sealed and delivered; `later`: sealed,
 * and delivery pending.
 */
export type Mode = 'inject' | 'vault' | 'full' | 'later'

/** One build, as its process gets it. */
export interface Job {
  bundler: Bundler
  /** Folder of the generated app. */
  app: string
  outDir: string
  /** The folder below `contestants` that holds the plugin; absent in the build without one. */
  contestant?: string
  mode?: Mode
  /** The address of the stand-in server. */
  url?: string
  /** For Mapseal. */
  vault: string
  release: string
  devtool?: string | false
}

/** What each bundler's module exports. */
export type Build = (job: Job, plugins: never[]) => Promise<void>
