import type { Options } from '@mapseal/core'
import type { Plugin } from 'rollup'
import { rollupHost } from './hosts/rollup/host.ts'
import { connectOptions, disabled } from './plugin.ts'

/**
 * Mapseal for Rollup.
 *
 * @example
 * ```ts
 * // rollup.config.js
 * export default { plugins: [mapseal()] }
 * ```
 */
function plugin(userOptions?: Options): Plugin[] {
  const options = connectOptions(userOptions)
  return options.enabled ? rollupHost(options) : [disabled]
}

export default plugin
export { plugin as 'module.exports' }
