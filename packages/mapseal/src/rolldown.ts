import type { Options } from '@mapseal/core'
import type { Plugin } from 'rolldown'
import { mapseal } from './plugin.ts'

/**
 * Mapseal for Rolldown.
 *
 * @example
 * ```ts
 * // rolldown.config.js
 * export default { plugins: [mapseal()] }
 * ```
 */
const plugin = mapseal.rolldown as (options?: Options) => Plugin[]

export default plugin
export { plugin as 'module.exports' }
