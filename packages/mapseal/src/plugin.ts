import { type Connect, type ConnectedOptions, type Options, resolveOptions } from '@mapseal/core'
import { createUnplugin, type UnpluginInstance } from 'unplugin'
import { esbuildHost } from './hosts/esbuild.ts'
import { rollupHost } from './hosts/rollup.ts'
import type { RollupContext } from './hosts/rollup-context.ts'
import { viteHost } from './hosts/vite.ts'
import { webpackHost } from './hosts/webpack.ts'
import { version } from './version.ts'
import { requireVersion } from './versions.ts'

/**
 * One plugin for every bundler. unplugin is the factory alone: its common hooks would cost a call per module and cannot
 * see the output, so each family has a host of its own.
 */
export const mapseal: UnpluginInstance<Options | undefined, true> = createUnplugin(
  (userOptions: Options | undefined) => {
    requireVersion('Node.js', process.versions.node)
    const options: ConnectedOptions = { ...resolveOptions(userOptions), connect }
    if (!options.enabled) return [{ name: 'mapseal' }]
    const context = (): RollupContext => ({
      options,
      root: process.cwd(),
      isWorker: false,
      isWatch: false,
      isVite: false,
    })
    const vite = viteHost(context())
    const [inject, seal] = rollupHost(context())
    return [
      {
        name: 'mapseal',
        vite: vite[0],
        rollup: inject,
        rolldown: inject as object,
        webpack: compiler => webpackHost(compiler, options),
        rspack: compiler => webpackHost(compiler as never, options),
        esbuild: { setup: build => esbuildHost(build, options) },
      },
      { name: 'mapseal:seal', vite: vite[1], rollup: seal, rolldown: seal as object },
    ]
  },
)

/** Loaded when something is delivered over HTTP, and not before. */
const connect: Connect = async (signal, network) => {
  const { createFetch } = await import('@mapseal/destinations/http')
  return createFetch({ ...network, signal, userAgent: `mapseal/${version}` })
}
