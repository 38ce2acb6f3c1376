import { rm } from 'node:fs/promises'
import * as esbuild from 'esbuild'
import TerserPlugin from 'terser-webpack-plugin'
import { build as buildWithVite } from 'vite'
import webpack from 'webpack'
import type { Plugins } from '../../../playground/build.ts'

/** Builds the app that `generate` wrote into `folder`, minified and with hidden source maps, into an emptied `outDir`. */
export type Build<Name extends keyof Plugins> = (
  folder: string,
  outDir: string,
  plugins: Plugins[Name][],
) => Promise<void>

export const builds: { [Name in keyof Plugins]: Build<Name> } = {
  async vite(folder, outDir, plugins) {
    await buildWithVite({
      root: folder,
      configFile: false,
      logLevel: 'error',
      build: { outDir, emptyOutDir: true, sourcemap: 'hidden', target: 'es2022', reportCompressedSize: false },
      plugins,
    })
  },

  async webpack(folder, outDir, plugins) {
    const compiler = webpack({
      mode: 'production',
      context: folder,
      target: ['web', 'es2022'],
      entry: './main.js',
      output: { path: outDir, filename: '[name].[contenthash].js', clean: true },
      devtool: 'hidden-source-map',
      performance: false,
      optimization: { minimizer: [new TerserPlugin({ minify: TerserPlugin.esbuildMinify })] },
      plugins,
    })
    await new Promise<void>((done, fail) => {
      compiler.run((error, stats) => {
        const cause = error ?? (stats?.hasErrors() ? new Error(stats.toString('errors-only')) : undefined)
        compiler.close(closeError => (cause || closeError ? fail(cause ?? closeError) : done()))
      })
    })
  },

  async esbuild(folder, outDir, plugins) {
    await rm(outDir, { recursive: true, force: true })
    await esbuild.build({
      absWorkingDir: folder,
      entryPoints: ['main.js'],
      outdir: outDir,
      bundle: true,
      splitting: true,
      format: 'esm',
      minify: true,
      target: 'es2022',
      sourcemap: 'external',
      logLevel: 'error',
      plugins,
    })
  },
}
