import { type Bundler, bundlers, type Mode } from '../builds/types.ts'

/** A plugin that is measured; its folder here is named after it and says how it is installed and configured. */
export interface Contestant {
  name: string
  title: string
  bundlers: readonly Bundler[]
  modes: readonly Mode[]
  /** The packages whose versions and imports count, with the module that users import. */
  entries: string[]
  /** What its README has people install. */
  install: string[]
  installFlags?: string[]
}

export const ours: Contestant = {
  name: 'mapseal',
  title: 'Mapseal',
  bundlers,
  modes: ['inject', 'vault', 'full'],
  entries: ['mapseal/vite', 'mapseal/webpack', 'mapseal/esbuild'],
  install: ['mapseal'],
}

/** An earlier revision of it, installed from the tarballs of `--earlier`. */
export const earlier: Contestant = { ...ours, name: 'earlier', title: 'Mapseal, earlier' }

const viteAndWebpack = ['vite8', 'vite7', 'webpack', 'rollup'] as const

export const peers: Contestant[] = [
  {
    name: 'sentry11',
    title: 'Sentry 11',
    bundlers,
    modes: ['inject', 'full'],
    entries: ['@sentry/vite-plugin', '@sentry/webpack-plugin'],
    install: ['@sentry/vite-plugin'],
  },
  {
    name: 'sentry5',
    title: 'Sentry 5',
    bundlers,
    modes: ['inject', 'full'],
    entries: ['@sentry/vite-plugin', '@sentry/webpack-plugin'],
    install: ['@sentry/vite-plugin'],
  },
  {
    name: 'datadog',
    title: 'Datadog',
    bundlers: viteAndWebpack.filter(name => name !== 'rollup'),
    modes: ['inject', 'full'],
    entries: ['@datadog/vite-plugin', '@datadog/webpack-plugin'],
    install: ['@datadog/vite-plugin'],
  },
  {
    name: 'posthog',
    title: 'PostHog',
    bundlers: viteAndWebpack,
    modes: ['inject', 'full'],
    entries: ['@posthog/rollup-plugin', '@posthog/webpack-plugin'],
    install: ['@posthog/rollup-plugin'],
    installFlags: ['--ignore-scripts'],
  },
  {
    name: 'faro',
    title: 'Faro',
    bundlers: viteAndWebpack,
    modes: ['inject', 'full'],
    entries: ['@grafana/faro-rollup-plugin', '@grafana/faro-webpack-plugin'],
    install: ['@grafana/faro-rollup-plugin'],
  },
  {
    name: 'honeybadger',
    title: 'Honeybadger',
    bundlers: viteAndWebpack,
    modes: ['full'],
    entries: ['@honeybadger-io/rollup-plugin', '@honeybadger-io/webpack'],
    install: ['@honeybadger-io/rollup-plugin'],
  },
]

export const contestants: Contestant[] = [ours, ...peers]
