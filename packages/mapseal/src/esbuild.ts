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
const plugin: (options?: Options) => Plugin = mapseal.esbuild

export default plugin
export { plugin as 'module.exports' }
