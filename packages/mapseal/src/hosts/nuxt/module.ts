import type { Options } from '@mapseal/core'
import { mapseal } from '../../plugin.ts'
import type { WholeBuild } from '../../whole-build.ts'

/** The part of Nuxt that is used; without its types, which would need Nuxt to be installed. */
export interface Nuxt {
  options: {
    dev: boolean
    rootDir: string
    sourcemap: { client?: boolean | 'hidden'; server?: boolean | 'hidden' }
    mapseal?: Options
  }
  hook(name: 'build:before' | 'close', run: () => Promise<void>): void
  hook(name: 'vite:extendConfig', run: (config: PluginList, environment: { isClient?: boolean }) => void): void
  hook(name: 'nitro:init', run: (nitro: Nitro) => void): void
}

interface Nitro {
  hooks: { hook(name: 'rollup:before', run: (nitro: Nitro, config: RollupConfig) => void): void }
}

interface PluginList {
  plugins?: unknown
}

interface RollupConfig extends PluginList {
  output?: object
}

/**
 * Switches source maps on and has Vite's scripts for the browser sealed, and those that Nitro makes of the server. Vite's server
 * build is only what Nitro reads, source maps and all.
 */
export function sealNuxt(nuxt: Nuxt, options: Options, whole: WholeBuild): void {
  nuxt.options.sourcemap = { ...nuxt.options.sourcemap, client: 'hidden', server: true }
  nuxt.hook('vite:extendConfig', (config, { isClient }) => {
    if (isClient) config.plugins = [config.plugins ?? [], mapseal.vite(options)]
  })
  nuxt.hook('nitro:init', nitro => {
    nitro.hooks.hook('rollup:before', (_, config) => {
      config.plugins = [config.plugins ?? [], mapseal.rollup(options)]
      // Nitro leaves the sources out, since its maps would be public.
      config.output = { ...config.output, sourcemap: 'hidden', sourcemapExcludeSources: false }
    })
  })
  nuxt.hook('build:before', () => whole.begin(nuxt.options.rootDir))
  nuxt.hook('close', () => whole.end())
}
