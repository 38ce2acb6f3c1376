import type { Options } from '@mapseal/core'
import type { Compiler, RspackPluginInstance } from '@rspack/core'
import { webpackHost } from './hosts/webpack/host.ts'
import { connectOptions } from './plugin.ts'

/**
 * Mapseal for Rspack.
 *
 * @example
 * ```ts
 * // rspack.config.js
 * export default { plugins: [mapseal()] }
 * ```
 */
function plugin(userOptions?: Options): RspackPluginInstance {
  const options = connectOptions(userOptions)
  return { apply: (compiler: Compiler) => void (options.enabled && webpackHost(compiler as never, options)) }
}

export default plugin
export { plugin as 'module.exports' }
