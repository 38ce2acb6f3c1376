import { rspack } from '@rspack/core'
import HtmlInlineScriptPlugin from 'html-inline-script-webpack-plugin'
import HtmlWebpackPlugin from 'html-webpack-plugin'
import { describe, expect, test } from 'vitest'
import webpack from 'webpack'
import { buildRspack, buildWebpack, place, stacksIn } from './cases.ts'

/** Plugins of webpack that put scripts into a page, and delete them before source maps are taken. */

const page = { 'page.html': '<!doctype html><html><head><title>t</title></head><body></body></html>' }
const lines = ['main.js:7', 'lazy.js:6']

describe.each([
  ['webpack', buildWebpack, webpack.optimize.LimitChunkCountPlugin],
  ['Rspack', buildRspack, rspack.optimize.LimitChunkCountPlugin],
] as const)('%s', (_, build, LimitChunkCountPlugin) => {
  test.each(['before', 'after'])('html-inline-script-webpack-plugin %s ours: the page decodes', async where => {
    const dir = await place(page)
    const others = () => [
      new LimitChunkCountPlugin({ maxChunks: 1 }),
      new HtmlWebpackPlugin({ template: `${dir}/page.html`, minify: false, inject: 'body' }),
      new HtmlInlineScriptPlugin(),
    ]
    const built = await build(dir, ours => (where === 'before' ? [...others(), ...ours] : [...ours, ...others()]), {
      optimization: { minimize: false },
      output: { publicPath: '' },
    })
    expect(built.failure).toBeUndefined()
    expect(Object.keys(built.files).filter(name => !name.endsWith('.css'))).toEqual(['index.html'])
    expect(built.report?.build.files.map(({ path, fate, problem }) => [path, fate, problem])).toEqual([
      ['index.html', 'inlined', undefined],
    ])
    expect(await stacksIn(built)).toEqual({ byId: lines, byUrl: lines })
  })
})

test('webpack minifies scripts in pages too: the build says that it does not decode', async () => {
  const dir = await place(page)
  const others = () => [
    new webpack.optimize.LimitChunkCountPlugin({ maxChunks: 1 }),
    new HtmlWebpackPlugin({ template: `${dir}/page.html`, minify: false }),
    new HtmlInlineScriptPlugin(),
  ]
  const built = await buildWebpack(dir, ours => [...others(), ...ours])
  expect(built.report).toMatchObject({ scripts: 1, decodable: 0, leaks: [] })
  expect(built.report?.build.files).toMatchObject([{ path: 'index.html', fate: 'rewritten' }])
})
