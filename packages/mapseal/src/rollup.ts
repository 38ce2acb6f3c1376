import type { Options } from '@mapseal/core'
import type { Plugin } from 'rollup'
import { mapseal } from './plugin.ts'

/**
 * Mapseal for Rollup.
 *
 * @example
 * ```ts
 * // rollup.config.js
 * export default { plugins: [mapseal()] }
 * ```
 */
const plugin = mapseal.rollup as (options?: Options) => Plugin[]

export default plugin
export { plugin as 'module.exports' }
