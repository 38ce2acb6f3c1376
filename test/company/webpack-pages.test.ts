import { readFile } from 'node:fs/promises'
import { checkFolder } from '@mapseal/core/folder'
import { expect, test } from 'vitest'
import type { Configuration } from 'webpack'
import { buildWebpack, place, stacksIn } from './cases.ts'

/** Pages that webpack makes by itself, from its own entries or around scripts: each stack leads to its line. */

const hashed = { filename: '[name].[contenthash:8].js', chunkFilename: '[name].[contenthash:8].js' }
const withoutStyles = (code: string) => code.replace("import './main.css'\n", '\n')

test.each<[string, Configuration]>([
  ['a page as the entry', { entry: './src/page.html' }],
  ['a page as the entry, with hashes', { entry: './src/page.html', output: hashed }],
  ['a page around the script', { output: { ...hashed, html: true } }],
  ['a page with the script in it', { output: { ...hashed, html: { inline: true }, publicPath: '/' } }],
  ['a page with digests', { output: { ...hashed, html: { integrity: true }, crossOriginLoading: 'anonymous' } }],
])('%s', async (_, config) => {
  const main = await readFile(new URL('./app/src/main.js', import.meta.url), 'utf8')
  const dir = await place({
    'src/main.js': withoutStyles(main),
    'src/page.html': '<!doctype html><html><body><script src="./main.js"></script></body></html>',
  })
  const built = await buildWebpack(dir, ours => ours, { ...config, experiments: { html: true } })
  expect(built.failure).toBeUndefined()
  const page = Object.keys(built.files).find(name => name.endsWith('.html')) as string
  const frames = ['main.js:7', 'lazy.js:6']
  expect(await stacksIn(built, page)).toEqual({ byId: frames, byUrl: frames })
  expect(built.report).toMatchObject({ leaks: [], decodable: built.report?.scripts })
  expect((await checkFolder(built.outDir)).problems).toEqual([])
})
