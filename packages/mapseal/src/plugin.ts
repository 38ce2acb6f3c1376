import {
  type Connect,
  type ConnectedOptions,
  MapsealError,
  type Options,
  resolveOptions,
  withConfig,
} from '@mapseal/core'
import { createUnplugin, type SupportedFramework, type UnpluginOptions } from 'unplugin'
import { bunHost } from './hosts/bun/host.ts'
import { esbuildHost } from './hosts/esbuild/host.ts'
import { farmHost } from './hosts/farm/host.ts'
import { rollupHost } from './hosts/rollup/host.ts'
import { viteHost } from './hosts/rollup/vite.ts'
import { rsbuildHost } from './hosts/rsbuild/host.ts'
import { webpackHost } from './hosts/webpack/host.ts'
import { version } from './version.ts'
import { requireVersion } from './versions.ts'

/** A plugin of any bundler, as far as they agree; an entry knows its bundler's own type. */
type MadeBy<Plugin> = (options?: Options) => Plugin

/**
 * The unplugin instance: a function for each bundler, and `raw` for tools that host unplugin themselves. Typed without a bundler's
 * types, so that none has to be installed; each entry has those of its own.
 */
export interface Mapseal {
  vite: MadeBy<{ name: string }[]>
  rollup: MadeBy<{ name: string }[]>
  rolldown: MadeBy<{ name: string }[]>
  webpack: MadeBy<{ apply(compiler: object): void }>
  rspack: MadeBy<{ apply(compiler: object): void }>
  rsbuild: MadeBy<{ name: string; setup(api: object): void }>
  esbuild: MadeBy<{ name: string; setup(build: object): void }>
  farm: MadeBy<{ name: string }>
  bun: MadeBy<{ name: string; setup(build: object): void }>
  raw(options: Options | undefined, meta: { framework: string }): { name: string }[]
}

const name = 'mapseal'

/**
 * Loaded only when something is delivered over HTTP. It is here, and not in a file of its own, so that all entries share one file.
 */
export const connect: Connect = async (signal, network) => {
  const { createFetch } = await import('@mapseal/core/http')
  return createFetch({ ...network, signal, userAgent: `mapseal/${version}` })
}

type Framework = Exclude<SupportedFramework, 'unloader'>

/**
 * What each bundler gets. unplugin's own hooks are left alone: on webpack and Rspack each is a loader for every module, and
 * none of them sees the output.
 */
const hosts: Record<Framework, (options: ConnectedOptions) => UnpluginOptions[]> = {
  vite: options => viteHost(options).map(vite => ({ name: vite.name, vite })),
  rollup: options => rollupHost(options).map(rollup => ({ name: rollup.name, rollup })),
  rolldown: options => rollupHost(options).map(plugin => ({ name: plugin.name, rolldown: plugin as object })),
  webpack: options => [{ name, webpack: compiler => webpackHost(compiler, options) }],
  rspack: options => [{ name, rspack: compiler => webpackHost(compiler as never, options) }],
  rsbuild: options => [{ name, rsbuild: rsbuildHost(options) }],
  esbuild: options => [{ name, esbuild: { setup: build => esbuildHost(build, options) } }],
  farm: options => [{ name, farm: farmHost(options) }],
  bun: options => [{ name, bun: { setup: build => bunHost(build as never, options) } }],
}

/** @throws MapsealError for an unfit Node.js or option, and for a tool without a host */
function factory(userOptions: Options | undefined, meta: { framework: string }): UnpluginOptions[] {
  requireVersion('Node.js', process.versions.node)
  const options = { ...resolveOptions(withConfig(userOptions)), connect }
  const host = hosts[meta.framework as Framework]
  if (!host) {
    const advice = 'Build without Mapseal and run `npx mapseal seal` on the output.'
    throw new MapsealError('plugin', `${meta.framework} is not supported. ${advice}`)
  }
  // Without any plugin, unplugin makes up a name.
  if (!options.enabled) Object.assign(meta, { esbuildHostName: name })
  return options.enabled ? host(options) : []
}

/**
 * Like unplugin's own, but reads the options at once: unplugin does so in `apply`, where a wrong one would no longer fail in
 * the line that has it. Its function for webpack also requires a package that only virtual modules need.
 */
function compilerPlugin(framework: 'webpack' | 'rspack'): Mapseal['webpack'] {
  return options => {
    const plugins = factory(options, { framework })
    return { apply: compiler => plugins.forEach(plugin => void plugin[framework]?.(compiler as never)) }
  }
}

/** Like unplugin's own, which cannot even be called outside Bun, but reads the options there too. */
function bunPlugin(options?: Options): ReturnType<Mapseal['bun']> {
  const plugins = factory(options, { framework: 'bun' })
  return { name, setup: build => plugins.forEach(plugin => void plugin.bun?.setup?.(build as never)) }
}

export const mapseal: Mapseal = {
  ...(createUnplugin(factory) as object as Mapseal),
  webpack: compilerPlugin('webpack'),
  rspack: compilerPlugin('rspack'),
  bun: bunPlugin,
}
