import type { Options } from '@mapseal/core'
import type { WebpackPluginInstance } from 'webpack'
import { mapseal } from './plugin.ts'

/**
 * Mapseal for webpack.
 *
 * @example
 * ```ts
 * // webpack.config.js
 * export default { plugins: [mapseal()] }
 * ```
 */
const plugin = mapseal.webpack as (options?: Options) => WebpackPluginInstance

export default plugin
export { plugin as 'module.exports' }
