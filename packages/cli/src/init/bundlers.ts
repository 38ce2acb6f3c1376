/** A bundler whose config can be edited. */
export interface Bundler {
  /** The name of its package, and of our entry. */
  name: string
  /** What its config files are called. */
  config: RegExp
  /** Calls whose first argument has the plugins, besides what a config exports. */
  calls: string[]
  /** The command that builds. Absent for a script, which is run itself. */
  build?: string[]
  /** Whether projects run a script of their own instead of a command with a config. */
  isScripted?: boolean
}

const file = (name: string) => new RegExp(`^${name}\\.config\\.(?:[cm]?[jt]s)$`)

export const bundlers: readonly Bundler[] = [
  { name: 'vite', config: file('vite'), calls: ['defineConfig'], build: ['vite', 'build'] },
  { name: 'webpack', config: file('webpack'), calls: [], build: ['webpack-cli', 'build', '--mode', 'production'] },
  { name: 'rspack', config: file('rspack'), calls: ['defineConfig'], build: ['rspack', 'build'] },
  { name: 'rsbuild', config: file('rsbuild'), calls: ['defineConfig'], build: ['rsbuild', 'build'] },
  { name: 'rolldown', config: file('rolldown'), calls: ['defineConfig'], build: ['rolldown', '--config'] },
  { name: 'rollup', config: file('rollup'), calls: ['defineConfig'], build: ['rollup', '--config'] },
  { name: 'esbuild', config: file('esbuild'), calls: ['build', 'context'], isScripted: true },
]
