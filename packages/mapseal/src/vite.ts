import type { Options } from '@mapseal/core'
import type { Plugin } from 'vite'
import { mapseal } from './plugin.ts'

/**
 * Mapseal for Vite.
 *
 * @example
 * ```ts
 * // vite.config.ts
 * export default defineConfig({ plugins: [mapseal()] })
 * ```
 */
const plugin = mapseal.vite as (options?: Options) => Plugin[]

export default plugin
export { plugin as 'module.exports' }
