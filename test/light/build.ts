// First, and alone, before another module takes a function out of a built-in one.
import './probe.ts'

import { type Plugins, builds as playground } from '../../playground/build.ts'
import { builds as real } from '../toolchains/real/build.ts'
import { type Counts, watchVault } from './probe.ts'

/** One build in its own process, which prints its costly operations. */
export interface Task {
  bundler: keyof Plugins
  /** The folder of an app; the playground without. */
  app?: string
  outDir: string
  vault: string
  /** `maps` is the build without the plugin, but with the setting that it makes. */
  plugin: 'maps' | 'mapseal'
  /** The URL of a Sentry server to deliver to. */
  url?: string
}

const { bundler, app, outDir, vault, plugin, url } = JSON.parse(process.argv[2] ?? '') as Task

const maps: Plugins = {
  vite: { name: 'maps', config: () => ({ build: { sourcemap: 'hidden' } }) },
  webpack: { apply: compiler => void Object.assign(compiler.options, { devtool: 'hidden-source-map' }) },
  esbuild: { name: 'maps', setup: build => void Object.assign(build.initialOptions, { sourcemap: 'external' }) },
}

async function destinations() {
  if (url === undefined) return []
  const { sentry } = await import('mapseal/destinations/sentry')
  return [sentry({ org: 'acme', project: 'web', authToken: 'secret', url })]
}

async function pluginOf<Name extends keyof Plugins>(name: Name): Promise<Plugins[Name]> {
  if (plugin === 'maps') return maps[name]
  const { default: mapseal } = await import(`mapseal/${name}`)
  const logger = { info() {}, warn: console.error, error: console.error }
  return mapseal({ vault, release: '1.2.3', onError: 'fail', logger, destinations: await destinations() })
}

async function run<Name extends keyof Plugins>(name: Name): Promise<Counts> {
  const plugins = [await pluginOf(name)]
  const counts = watchVault(vault)
  await (app === undefined ? playground[name](outDir, plugins) : real[name](app, outDir, plugins))
  return structuredClone(counts)
}

const counts = await run(bundler)
console.log(JSON.stringify(counts))
