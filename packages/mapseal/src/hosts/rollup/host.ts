import type { ConnectedOptions } from '@mapseal/core'
import type { Plugin } from 'rollup'
import { type RollupBuild, rollupBuild } from './build.ts'
import { injectPlugin } from './inject-plugin.ts'
import { sealPlugin } from './seal-plugin.ts'

export function rollupHost(options: ConnectedOptions): Plugin[] {
  return rollupPlugins(rollupBuild(options, undefined))
}

/**
 * Rollup, Rolldown and all Vites. Two plugins, because a plugin has one `generateBundle`: the first injects before all
 * others see the code, so that digests and manifests are right; the last takes the source maps before they are written.
 */
export function rollupPlugins(build: RollupBuild): [inject: Plugin, seal: Plugin] {
  return [injectPlugin(build), sealPlugin(build)]
}
