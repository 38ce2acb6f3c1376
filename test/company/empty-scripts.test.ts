import { describe, expect, test } from 'vitest'
import { buildRspack, buildWebpack, originalOf, place } from './cases.ts'

/** Nothing is said of scripts without a source map that hold nothing which one could lead to. */

const files = {
  'src/unused.js': 'export function unused(order) {\n  throw new Error(order)\n}\n',
  'node_modules/polyfill/index.js': "globalThis.polyfill = () => {\n  throw new Error('boom-polyfill')\n}\n",
}

describe.each([
  ['webpack', buildWebpack],
  ['Rspack', buildRspack],
] as const)('%s', (_, build) => {
  test('an entry of which nothing is left', async () => {
    const entry = { main: './src/main.js', unused: './src/unused.js' }
    const built = await build(await place(files), ours => ours, { entry })
    expect(built.plain['unused.js']).toBe('')
    expect(built.report).toMatchObject({ scripts: 3, decodable: 3 })
    expect(built.lines).toHaveLength(1)
  })

  test('an entry all of whose modules are in another chunk', async () => {
    const splitChunks = {
      chunks: 'all',
      cacheGroups: { vendor: { test: /node_modules/, name: 'vendor', enforce: true } },
    }
    const built = await build(await place(files), ours => ours, {
      entry: { main: './src/main.js', polyfills: 'polyfill' },
      output: { chunkFilename: '[name].js' },
      optimization: { runtimeChunk: 'single', splitChunks: splitChunks as never },
    })
    expect(Object.keys(built.plain)).not.toContain('polyfills.js.map')
    expect(built.report).toMatchObject({ decodable: built.report?.scripts })
    expect(built.lines).toHaveLength(1)
    expect(await originalOf(built, 'vendor.js', 'boom-polyfill')).toBe('index.js:2')
  })
})
