import type { ConnectedOptions } from '@mapseal/core'
import type { Plugin } from 'rollup'
import { rollupBuild } from './build.ts'
import { injectPlugin } from './inject-plugin.ts'
import { sealPlugin } from './seal-plugin.ts'
import type { ViteHooks } from './vite-hooks.ts'

/**
 * Rollup, Rolldown and all Vites. Two plugins, because a plugin has one `generateBundle`: the first injects before all
 * others see the code, so that digests and manifests are right; the last takes the source maps before they are written.
 */
export function rollupHost(options: ConnectedOptions, vite?: ViteHooks): [inject: Plugin, seal: Plugin] {
  const build = rollupBuild(options, vite)
  return [injectPlugin(build), sealPlugin(build)]
}
