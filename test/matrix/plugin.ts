import type { Options } from 'mapseal'
import type { Bundler, Plugins } from './types.ts'

type PluginFunction = (options: Options) => unknown

const entries: Record<Bundler, () => Promise<{ default: PluginFunction }>> = {
  vite8: () => import('mapseal/vite'),
  vite7: () => import('mapseal/vite'),
  rollup: () => import('mapseal/rollup'),
  rolldown: () => import('mapseal/rolldown'),
  webpack: () => import('mapseal/webpack'),
  rspack: () => import('mapseal/rspack'),
  esbuild: () => import('mapseal/esbuild'),
  rsbuild: () => import('mapseal/rsbuild'),
  farm: () => import('mapseal/farm'),
  // Made in the process that builds.
  bun: async () => ({ default: options => options }),
}

/** A function that makes a list of fresh plugin instances. */
export async function pluginMaker(bundler: Bundler, options: Options, instances = 1): Promise<() => Plugins> {
  const { default: mapseal } = await entries[bundler]()
  return () => Array.from({ length: instances }, () => mapseal(options))
}
