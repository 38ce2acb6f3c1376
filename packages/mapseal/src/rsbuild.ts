import type { Options } from '@mapseal/core'
import type { RsbuildPlugin } from '@rsbuild/core'
import { mapseal } from './plugin.ts'

/**
 * Mapseal for Rsbuild.
 *
 * @example
 * ```ts
 * // rsbuild.config.ts
 * export default defineConfig({ plugins: [mapseal()] })
 * ```
 */
const plugin = mapseal.rsbuild as (options?: Options) => RsbuildPlugin

export default plugin
export { plugin as 'module.exports' }
