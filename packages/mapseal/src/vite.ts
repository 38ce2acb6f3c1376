import type { Options } from '@mapseal/core'
import type { Plugin } from 'vite'
import { viteHost } from './hosts/rollup/vite.ts'
import { connectOptions, disabled } from './plugin.ts'

/**
 * Mapseal for Vite.
 *
 * @example
 * ```ts
 * // vite.config.ts
 * export default defineConfig({ plugins: [mapseal()] })
 * ```
 */
function plugin(userOptions?: Options): Plugin[] {
  const options = connectOptions(userOptions)
  return options.enabled ? viteHost(options) : [disabled]
}

export default plugin
export { plugin as 'module.exports' }
