import HtmlWebpackPlugin from 'html-webpack-plugin'
import mapseal from 'mapseal/webpack'

export default {
  mode: 'production',
  context: import.meta.dirname,
  entry: ['./src/main.ts', './src/style.css'],
  output: { path: `${import.meta.dirname}/dist`, filename: '[name].[contenthash].js' },
  module: { rules: [{ test: /\.ts$/, use: './esbuild-loader.cjs' }] },
  experiments: { css: true },
  plugins: [new HtmlWebpackPlugin({ title: 'Shop' }), mapseal()],
}
