import { join } from 'node:path'
import { createRsbuild } from '@rsbuild/core'
import mapsealRsbuild from 'mapseal/rsbuild'
import mapseal from 'mapseal/webpack'
import { describe, expect, test } from 'vitest'
import webpack, { type Configuration } from 'webpack'
import { buildRspack, buildWebpack, originalOf, place } from './cases.ts'

/** The compilers of one command share their settings: a message comes once, and names what the user wrote. */

const css = { rules: [{ test: /\.css$/, type: 'asset/resource' }] }

async function compile(dir: string, configs: Configuration[]): Promise<string[]> {
  const lines: string[] = []
  const log = (line: string) => void lines.push(line)
  const logger = { info: log, warn: log, error: log }
  const build = configs.map((config, index) => ({
    mode: 'production' as const,
    context: dir,
    entry: join(dir, 'src/main.js'),
    module: css,
    ...config,
    output: { path: join(dir, `dist-${index}`) },
    plugins: [mapseal({ vault: join(dir, 'vault'), release: '1.2.3', onError: 'fail', logger })],
  }))
  const compiler = webpack(build)
  if (!compiler) throw new Error('webpack made no compiler')
  await new Promise<void>((done, fail) =>
    compiler.run((error, stats) => {
      if (error || stats?.hasErrors()) fail(error ?? new Error(stats?.toString({ all: false, errors: true })))
      else done()
    }),
  )
  await new Promise<void>(done => compiler.close(() => done()))
  return lines
}

test('webpack: two compilers that switch source maps off are warned of once, and again in the next build', async () => {
  const dir = await place()
  const configs = [{ devtool: false }, { devtool: false }] as const
  for (const _ of [1, 2]) {
    const lines = await compile(dir, [...configs])
    expect(lines.filter(line => line.includes('"devtool" switches source maps off'))).toHaveLength(1)
  }
})

test('webpack: nothing is said of a compiler without entries', async () => {
  expect(await compile(await place(), [{ entry: {} }])).toEqual([])
  const lines = await compile(await place(), [{}, { entry: {} }])
  expect(lines).toEqual([expect.stringContaining('decodable')])
})

test('Rsbuild: the setting of its own is named, once for two environments', async () => {
  const dir = await place()
  const lines: string[] = []
  const log = (line: string) => void lines.push(line)
  const rsbuild = await createRsbuild({
    cwd: dir,
    config: {
      mode: 'production',
      logLevel: 'silent',
      source: { entry: { index: './src/main.js' } },
      output: { sourceMap: false },
      environments: { web: {}, node: { output: { target: 'node', distPath: { root: 'server' } } } },
      plugins: [
        mapsealRsbuild({ vault: join(dir, 'vault'), release: '1.2.3', logger: { info: log, warn: log, error: log } }),
      ],
    },
  })
  const { close } = await rsbuild.build()
  await close()
  expect(lines.filter(line => line.includes('switches source maps off'))).toEqual([
    expect.stringContaining('"output.sourceMap"'),
  ])
})

describe.each([
  ['webpack', buildWebpack, (dir: string) => ({ type: 'filesystem', cacheDirectory: dir })],
  ['Rspack', buildRspack, (dir: string) => ({ type: 'persistent', storage: { type: 'filesystem', directory: dir } })],
] as const)('%s', (_, build, cacheIn) => {
  test('modules that a build without us has cached have source maps all the same', async () => {
    const dir = await place()
    const built = await build(dir, ours => ours, { cache: cacheIn(join(dir, 'cache')) as never })
    expect(built.report).toMatchObject({ scripts: 2, decodable: 2 })
    expect(await originalOf(built, 'main.js', 'boom-main')).toBe('main.js:7')
    expect(await originalOf(built, 'lazy.js', 'boom-lazy')).toBe('lazy.js:6')
  })
})
