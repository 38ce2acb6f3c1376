import { type Options, resolveOptions, withConfig } from '@mapseal/core'
import { type Nuxt, sealNuxt } from './hosts/nuxt/module.ts'
import { connect } from './plugin.ts'
import { createWholeBuild } from './whole-build.ts'

/**
 * Mapseal for Nuxt, as a module: the browser's scripts and the server's, as one build.
 *
 * @param options those of the key `mapseal` in `nuxt.config` are used where a module is named without any
 * @example
 * ```ts
 * // nuxt.config.ts
 * export default defineNuxtConfig({ modules: ['mapseal/nuxt'] })
 * ```
 */
function nuxtModule(options: Options | undefined, nuxt: Nuxt): void {
  const own = { ...nuxt.options.mapseal, ...options }
  const resolved = { ...resolveOptions(withConfig(own)), connect }
  if (resolved.enabled && !nuxt.options.dev) sealNuxt(nuxt, own, createWholeBuild(resolved))
}

export default nuxtModule
export { nuxtModule as 'module.exports' }
