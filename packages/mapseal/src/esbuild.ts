import type { Options } from '@mapseal/core'
import type { Plugin } from 'esbuild'
import { esbuildHost } from './hosts/esbuild/host.ts'
import { connectOptions, disabled } from './plugin.ts'

/**
 * Mapseal for esbuild.
 *
 * @example
 * ```ts
 * await esbuild.build({ plugins: [mapseal()] })
 * ```
 */
function plugin(userOptions?: Options): Plugin {
  const options = connectOptions(userOptions)
  return { ...disabled, setup: build => (options.enabled ? esbuildHost(build, options) : undefined) }
}

export default plugin
export { plugin as 'module.exports' }
