import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as esbuild from 'esbuild'
import mapsealEsbuild from 'mapseal/esbuild'
import mapsealWebpack from 'mapseal/webpack'
import { expect, test } from 'vitest'
import webpack, { type Stats } from 'webpack'
import { place } from './cases.ts'

/** What builds again, and what only watches. */

function quiet(dir: string) {
  const lines: string[] = []
  const log = (line: string) => void lines.push(line)
  return {
    lines,
    options: { vault: join(dir, 'vault'), release: '1.2.3', logger: { info: log, warn: log, error: log } },
  }
}

test('esbuild: the first build of a context that comes out well is sealed', async () => {
  const dir = await place()
  const main = join(dir, 'src/main.js')
  const source = await readFile(main, 'utf8')
  await writeFile(main, 'const const')
  const { lines, options } = quiet(dir)
  const context = await esbuild.context({
    absWorkingDir: dir,
    entryPoints: ['src/main.js'],
    bundle: true,
    outdir: 'dist',
    loader: { '.css': 'empty' },
    logLevel: 'silent',
    plugins: [mapsealEsbuild(options)],
  })
  await expect(context.rebuild()).rejects.toThrow('Build failed')
  await writeFile(main, source)
  await context.rebuild()
  await context.rebuild()
  await writeFile(main, `${source}\nconsole.log('more')`)
  const { metafile } = await context.rebuild()
  await context.dispose()
  expect(lines).toEqual([
    expect.stringContaining('1 script, 1 decodable'),
    expect.stringContaining('a context of esbuild counts as watching: nothing is sealed'),
  ])
  expect(Object.keys(metafile?.outputs ?? {})).toEqual(['dist/main.js'])
})

test('webpack: compiler.watch() logs that source maps are left out', async () => {
  const dir = await place()
  const { lines, options } = quiet(dir)
  const compiler = webpack({
    mode: 'production',
    context: dir,
    entry: join(dir, 'src/main.js'),
    devtool: 'source-map',
    module: { rules: [{ test: /\.css$/, type: 'asset/resource' }] },
    output: { path: join(dir, 'dist') },
    plugins: [mapsealWebpack(options)],
  })
  if (!compiler) throw new Error('webpack made no compiler')
  const stats = await new Promise<Stats | undefined>((done, fail) =>
    compiler.watch({}, (error, stats) => (error ? fail(error) : done(stats))),
  )
  await new Promise<void>(done => compiler.close(() => done()))
  expect(Object.keys(stats?.compilation.assets ?? {}).filter(name => name.endsWith('.map'))).toEqual([])
  expect(lines).toEqual([expect.stringContaining('"devtool" is left out in watch mode')])
})
