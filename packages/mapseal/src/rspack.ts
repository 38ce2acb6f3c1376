import type { Options } from '@mapseal/core'
import type { RspackPluginInstance } from '@rspack/core'
import { mapseal } from './plugin.ts'

/**
 * Mapseal for Rspack.
 *
 * @example
 * ```ts
 * // rspack.config.js
 * export default { plugins: [mapseal()] }
 * ```
 */
const plugin = mapseal.rspack as (options?: Options) => RspackPluginInstance

export default plugin
export { plugin as 'module.exports' }
