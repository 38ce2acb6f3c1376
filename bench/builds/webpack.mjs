import TerserPlugin from 'terser-webpack-plugin'
import webpack from 'webpack'
import { configOf, run } from './webpack-family.mjs'

/** @type {import('./types.ts').Build} */
export const build = (job, plugins) =>
  run(
    webpack({
      ...configOf(job, plugins),
      optimization: { minimizer: [new TerserPlugin({ minify: TerserPlugin.esbuildMinify })] },
    }),
  )

/** Stops the minifier. */
export { stop } from 'esbuild'
