import { createRequire } from 'node:module'
import type { WebpackPluginInstance } from 'webpack'
import type { Place } from '../types.ts'

const require = createRequire(import.meta.url)

/** Makes `index.html`, which loads all entries. */
export function htmlPlugin({ bundler }: Place, options: object = {}): WebpackPluginInstance {
  if (bundler === 'rspack') return new (require('@rspack/core').HtmlRspackPlugin)(options) as WebpackPluginInstance
  return new (require('html-webpack-plugin'))(options) as WebpackPluginInstance
}
