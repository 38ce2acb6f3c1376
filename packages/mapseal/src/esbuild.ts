import type { Options } from '@mapseal/core'
import type { Plugin } from 'esbuild'
import { mapseal } from './plugin.ts'

/**
 * Mapseal for esbuild.
 *
 * @example
 * ```ts
 * await esbuild.build({ plugins: [mapseal()] })
 * ```
 */
const plugin = mapseal.esbuild as (options?: Options) => Plugin

export default plugin
export { plugin as 'module.exports' }
