import type { Options } from '@mapseal/core'

import { mapseal } from './plugin.ts'

/**
 * Mapseal for Bun's bundler.
 *
 * @example
 * ```ts
 * await Bun.build({ entrypoints: ['src/main.ts'], outdir: 'dist', plugins: [mapseal()] })
 * ```
 */
const plugin = mapseal.bun as (options?: Options) => ReturnType<typeof mapseal.bun>

export default plugin
export { plugin as 'module.exports' }
