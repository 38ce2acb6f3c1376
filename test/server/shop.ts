import { join } from 'node:path'
import type { Options } from 'mapseal'
import mapsealEsbuild from 'mapseal/esbuild'
import mapsealVite from 'mapseal/vite'
import mapsealWebpack from 'mapseal/webpack'
import type { Plugin } from 'vite'
import webpack from 'webpack'
import { builds } from '../../playground/build.ts'

export type Bundler = keyof typeof builds

/** The playground's own error collector, which an SDK replaces. */
const OWN = /\/errors\.ts$/
const SDK = join(import.meta.dirname, 'sentry-errors.ts')

/** Builds the playground with Mapseal and `@sentry/browser`, which sends to `dsn`. */
export async function buildShop(bundler: Bundler, outDir: string, dsn: string, options: Options): Promise<void> {
  const define = { SHOP_DSN: JSON.stringify(dsn) }
  if (bundler === 'vite') {
    await builds.vite(outDir, [...sdkPlugins(dsn), mapsealVite(options)])
  } else if (bundler === 'webpack') {
    const replace = new webpack.NormalModuleReplacementPlugin(OWN, SDK)
    await builds.webpack(outDir, [replace, new webpack.DefinePlugin(define), mapsealWebpack(options)])
  } else {
    const sdk = {
      name: 'sdk',
      setup(build: import('esbuild').PluginBuild) {
        build.initialOptions.define = { ...build.initialOptions.define, ...define }
        build.onResolve({ filter: OWN }, () => ({ path: SDK }))
      },
    }
    await builds.esbuild(outDir, [sdk, mapsealEsbuild(options)])
  }
}

/** For Vite. */
export function sdkPlugins(dsn: string): Plugin[] {
  const sdk = (): Plugin => ({ name: 'sdk', enforce: 'pre', resolveId: source => (OWN.test(source) ? SDK : null) })
  const define = { SHOP_DSN: JSON.stringify(dsn) }
  // Workers are builds of their own.
  return [sdk(), { name: 'sdk-config', config: () => ({ define, worker: { plugins: () => [sdk()] } }) }]
}
