import type { JsPlugin } from '@farmfe/core'
import type { Options } from '@mapseal/core'
import { mapseal } from './plugin.ts'

/**
 * Mapseal for Farm.
 *
 * @example
 * ```ts
 * // farm.config.ts
 * export default defineConfig({ plugins: [mapseal()] })
 * ```
 */
const plugin = mapseal.farm as (options?: Options) => JsPlugin

export default plugin
export { plugin as 'module.exports' }
