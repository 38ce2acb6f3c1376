import type { Plugin, ResolvedConfig } from 'vite'
import type { OwnSettings } from './own-settings.ts'

/**
 * A framework that passes its own default of source maps to Vite as if the user had set it, or whose command calls Vite several
 * times.
 */
export interface Framework {
  /** How the names of its plugins begin. */
  prefix: string
  /** The user's settings, as far as they can be told from the framework's. @default all are the user's */
  settingsOf?(own: OwnSettings): OwnSettings
  /** What the user does to have source maps, where only a setting of the framework's own can make them right. */
  advice?: string
  /** Whether its command builds another part after this one. @default none */
  isFollowed?(config: ResolvedConfig): boolean
}

/** The browser's scripts, by a command that passes `ssr` to Vite for each of its builds. */
const isBeforeServer = ({ inlineConfig }: ResolvedConfig) => inlineConfig.build?.ssr === false

const frameworks: Framework[] = [
  {
    prefix: 'astro:',
    // Astro passes the root's setting on, and switches maps off for the client where there is none.
    settingsOf: own =>
      own.root === undefined && own.environments.get('client') === false
        ? { ...own, environments: new Map([...own.environments].filter(([name]) => name !== 'client')) }
        : own,
  },
  {
    prefix: 'nuxt:',
    // Its transformations only make maps if its own setting is on, so Vite's alone would lead to wrong lines.
    advice: `Nuxt makes no source maps for the browser by default, so no stack trace of it can be read. Set "sourcemap: { client: 'hidden' }" in nuxt.config: source maps are then made and sealed.`,
  },
  {
    prefix: 'storybook:',
    advice:
      'Storybook switches source maps off for tests, so no stack trace of this build can be read. Set "build: { test: { disableSourcemaps: false } }" in its main file: source maps are then made and sealed.',
  },
  {
    prefix: 'vite:quasar',
    // What its default is cannot be told from the same setting in its config.
    settingsOf: own => (own.root === false ? { ...own, root: undefined } : own),
  },
  { prefix: 'react-router', isFollowed: isBeforeServer },
  { prefix: 'remix', isFollowed: isBeforeServer },
  {
    prefix: 'vite:electron-',
    // In this order: the main process, the preload scripts, the renderer.
    isFollowed: ({ plugins }) => !plugins.some(({ name }) => name.startsWith('vite:electron-renderer-')),
  },
]

export function frameworkOf(plugins: readonly Pick<Plugin, 'name'>[]): Framework | undefined {
  return frameworks.find(({ prefix }) => plugins.some(({ name }) => name?.startsWith(prefix)))
}

export function isFollowed(config: ResolvedConfig): boolean {
  return config.isProduction && frameworkOf(config.plugins)?.isFollowed?.(config) === true
}
