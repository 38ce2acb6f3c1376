import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { rspack } from '@rspack/core'
import mapsealRspack from 'mapseal/rspack'
import mapsealWebpack from 'mapseal/webpack'
import { expect, test } from 'vitest'
import webpack, { type Compiler, type Configuration } from 'webpack'
import { buildTwice, originalOf, place } from './cases.ts'

/** A program that has a bundler write into memory, and then writes the files itself. */

type Callback = (error: unknown, result?: unknown) => void

function memory() {
  const files = new Map<string, Uint8Array>()
  const done = (...args: unknown[]) => (args.at(-1) as Callback)(null)
  const stat = (path: string, answer: Callback) => {
    const bytes = files.get(path)
    if (!bytes) return answer(Object.assign(new Error(path), { code: 'ENOENT' }))
    answer(null, {
      isFile: () => true,
      isDirectory: () => false,
      size: bytes.length,
      mtimeMs: 0,
      ctimeMs: 0,
      atimeMs: 0,
    })
  }
  const fileSystem = {
    mkdir: done,
    rmdir: done,
    unlink: done,
    chmod: done,
    stat,
    lstat: stat,
    readdir: (_: string, answer: Callback) => answer(null, []),
    readFile: (path: string, answer: Callback) => answer(null, files.get(path)),
    writeFile: (path: string, bytes: Uint8Array, answer: Callback) => {
      files.set(path, Buffer.from(bytes))
      answer(null)
    },
  }
  return { files, fileSystem }
}

test.each([
  ['webpack', mapsealWebpack, webpack],
  ['Rspack', mapsealRspack, rspack as never],
] as const)('%s, over what is left of an earlier release', async (_, mapseal, bundler) => {
  const dir = await place()
  const run = async (plugins: unknown[], outDir: string) => {
    await mkdir(outDir)
    await writeFile(join(outDir, 'main.js'), 'earlier()\n')
    const { files, fileSystem } = memory()
    const compiler = (bundler as (config: Configuration) => Compiler)({
      mode: 'production',
      context: dir,
      entry: './src/main.js',
      devtool: 'hidden-source-map',
      module: { rules: [{ test: /\.css$/, type: 'asset/resource' }] },
      output: { path: outDir, filename: '[name].js', chunkFilename: 'lazy.js' },
      plugins: plugins as Configuration['plugins'],
    })
    compiler.outputFileSystem = fileSystem as never
    await new Promise<void>((done, fail) => compiler.run(error => (error ? fail(error) : done())))
    await new Promise<void>(done => compiler.close(() => done()))
    for (const [path, bytes] of files) {
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, bytes)
    }
  }
  const built = await buildTwice(dir, given => (mapseal as typeof mapsealWebpack)(given) as unknown, run)
  expect(built.failure).toBeUndefined()
  expect(built.lines).toEqual([expect.stringContaining('2 scripts, 2 decodable')])
  expect(Object.keys(built.files).filter(name => name.endsWith('.map'))).toEqual([])
  expect(await originalOf(built, 'main.js', 'boom-main')).toBe('main.js:7')
  expect(await originalOf(built, 'lazy.js', 'boom-lazy')).toBe('lazy.js:6')
})
