/** A bundler or a framework whose config can be edited. */
export interface Bundler {
  /** The name of its package, and of our entry. */
  name: string
  /** What its config files are called. */
  config: RegExp
  /** The config of a project that has none. Absent where each project has one. */
  empty?: string
  /** Its functions that scripts of a project call with a config. Absent where a command reads a file. */
  calls?: string[]
  /** The command that builds. Absent for a script, which is run itself. */
  build?: string[]
  /** How ours is added: to a list of the config, or around all of it. @default 'plugins' */
  place?: 'plugins' | 'integrations' | 'modules' | 'around'
  /** Whether a plugin may be a list of plugins. @default false */
  isNested?: boolean
}

const file = (name: string) => new RegExp(`^${name}\\.config\\.(?:[cm]?[jt]s)$`)
const definedBy = (source: string) => `import { defineConfig } from '${source}'\n\nexport default defineConfig({})\n`

/** Their configs go before those of bundlers, which are then of something else, such as tests. */
export const frameworks: readonly Bundler[] = [
  {
    name: 'next',
    config: file('next'),
    empty: 'export default {}\n',
    build: ['next', 'build'],
    place: 'around',
  },
  {
    name: 'nuxt',
    config: file('nuxt'),
    empty: 'export default defineNuxtConfig({})\n',
    build: ['nuxt', 'build'],
    place: 'modules',
  },
  {
    name: 'astro',
    config: file('astro'),
    empty: definedBy('astro/config'),
    build: ['astro', 'build'],
    place: 'integrations',
    isNested: true,
  },
]

export const bundlers: readonly Bundler[] = [
  { name: 'vite', config: file('vite'), empty: definedBy('vite'), build: ['vite', 'build'], isNested: true },
  { name: 'webpack', config: file('webpack'), build: ['webpack-cli', 'build', '--mode', 'production'] },
  { name: 'rspack', config: file('rspack'), build: ['rspack', 'build'] },
  { name: 'rsbuild', config: file('rsbuild'), build: ['rsbuild', 'build'] },
  { name: 'rolldown', config: file('rolldown'), build: ['rolldown', '--config'], isNested: true },
  { name: 'rollup', config: file('rollup'), build: ['rollup', '--config'], isNested: true },
  { name: 'esbuild', config: file('esbuild'), calls: ['build', 'context'] },
]
