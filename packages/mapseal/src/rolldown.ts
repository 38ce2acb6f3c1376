import type { Options } from '@mapseal/core'
import type { Plugin } from 'rolldown'
import { rollupHost } from './hosts/rollup/host.ts'
import { connectOptions, disabled } from './plugin.ts'

/**
 * Mapseal for Rolldown.
 *
 * @example
 * ```ts
 * // rolldown.config.js
 * export default { plugins: [mapseal()] }
 * ```
 */
function plugin(userOptions?: Options): Plugin[] {
  const options = connectOptions(userOptions)
  return options.enabled ? (rollupHost(options) as object[] as Plugin[]) : [disabled]
}

export default plugin
export { plugin as 'module.exports' }
