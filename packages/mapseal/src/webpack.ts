import type { Options } from '@mapseal/core'
import type { Compiler, WebpackPluginInstance } from 'webpack'
import { webpackHost } from './hosts/webpack/host.ts'
import { connectOptions } from './plugin.ts'

/**
 * Mapseal for webpack.
 *
 * @example
 * ```ts
 * // webpack.config.js
 * export default { plugins: [mapseal()] }
 * ```
 */
function plugin(userOptions?: Options): WebpackPluginInstance {
  const options = connectOptions(userOptions)
  return { apply: (compiler: Compiler) => void (options.enabled && webpackHost(compiler, options)) }
}

export default plugin
export { plugin as 'module.exports' }
