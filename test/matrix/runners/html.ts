import { createRequire } from 'node:module'
import type { WebpackPluginInstance } from 'webpack'
import type { Place } from '../types.ts'
import { rspackOf } from './webpack.ts'

const require = createRequire(import.meta.url)

/** Makes `index.html`, which loads all entries. */
export function htmlPlugin(place: Place, options: object = {}): WebpackPluginInstance {
  if (place.bundler === 'rspack') return new (rspackOf(place).HtmlRspackPlugin)(options) as never
  return new (require('html-webpack-plugin'))(options) as WebpackPluginInstance
}
