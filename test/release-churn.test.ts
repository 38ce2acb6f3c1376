import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { rspack } from '@rspack/core'
import esbuildPlugin from 'mapseal/esbuild'
import rspackPlugin from 'mapseal/rspack'
import vitePlugin from 'mapseal/vite'
import webpackPlugin from 'mapseal/webpack'
import { afterAll, beforeAll, expect, test } from 'vitest'
import webpack from 'webpack'
import { builds, type Plugins } from '../playground/build.ts'
import { isScript, readFolder } from './matrix/files.ts'

/** A new release name, and nothing else, over the playground: 49 scripts, some of which import from the entry. */

const quiet = { info() {}, warn() {}, error() {} }
let temp: string
beforeAll(async () => {
  await mkdir(join(import.meta.dirname, '.tmp'), { recursive: true })
  temp = await mkdtemp(join(import.meta.dirname, '.tmp/churn-'))
})
afterAll(() => rm(temp, { recursive: true }))

const plugins: { [Name in keyof Plugins]: (release: string) => Plugins[Name] } = {
  vite: release => vitePlugin({ release, vault: join(temp, 'vault'), logger: quiet }),
  webpack: release => webpackPlugin({ release, vault: join(temp, 'vault'), logger: quiet }),
  esbuild: release => esbuildPlugin({ release, vault: join(temp, 'vault'), logger: quiet }),
}

async function scripts(name: keyof Plugins, release: string) {
  const outDir = join(temp, `${name}-${release}`)
  await (builds[name] as (outDir: string, plugins: unknown[]) => Promise<void>)(outDir, [plugins[name](release)])
  return new Map([...(await readFolder(outDir))].filter(([path]) => isScript(path)))
}

test.each([
  ['vite', 1],
  ['webpack', 1],
] as const)('%s renames %i script', async (name, renamed) => {
  const [before, after] = [await scripts(name, '1.9.9'), await scripts(name, '1.10.0-beta.1')]
  const gone = [...before.keys()].filter(path => !after.has(path))
  expect(before.size).toBeGreaterThanOrEqual(40)
  expect(gone).toHaveLength(renamed)
  const same = [...before].filter(([path]) => after.has(path))
  expect(same.filter(([path, code]) => !after.get(path)?.equals(code)).map(([path]) => path)).toEqual([])
})

test('esbuild, whose entries have no hash, renames none and changes the entries alone', async () => {
  const [before, after] = [await scripts('esbuild', '1.9.9'), await scripts('esbuild', '1.10.0-beta.1')]
  expect([...after.keys()]).toEqual([...before.keys()])
  const changed = [...before].filter(([path, code]) => !after.get(path)?.equals(code)).map(([path]) => path)
  expect(changed).toEqual(['main.js', 'worker.js'])
})

test('webpack: what an app offers to others by module federation carries no release', async () => {
  const dir = await mkdtemp(join(temp, 'federation-'))
  await writeFile(join(dir, 'main.js'), "import('./widget.js').then(({ show }) => show())\n")
  await writeFile(join(dir, 'widget.js'), 'export function show() {\n  return document.title\n}\n')
  const build = async (release: string) => {
    const outDir = join(dir, release)
    const compiler = webpack({
      mode: 'production',
      context: dir,
      entry: { main: './main.js' },
      output: { path: outDir, filename: '[name].[contenthash].js', chunkFilename: '[id].[contenthash].js' },
      plugins: [
        new webpack.container.ModuleFederationPlugin({
          name: 'remote',
          filename: 'remoteEntry.[contenthash].js',
          exposes: { './widget': './widget.js' },
        }),
        webpackPlugin({ release, vault: join(dir, 'vault'), logger: quiet }),
      ],
    })
    await new Promise<void>((done, fail) => compiler?.run(error => (error ? fail(error) : done())))
    await new Promise<void>(done => compiler?.close(() => done()))
    return [...(await readFolder(outDir)).keys()].filter(isScript)
  }
  const [before, after] = [await build('1.9.9'), await build('1.10.0-beta.1')]
  expect(before.length).toBeGreaterThanOrEqual(3)
  expect(before.filter(path => !after.includes(path))).toEqual([expect.stringMatching(/^main\./)])
})

interface Names {
  output?: { filename: string; hashDigestLength?: number }
  entry?: { main: { import: string; filename: string } }
}

test.each<[string, Names]>([
  ['a short hash in its name', { output: { filename: '[name].[contenthash:4].js' } }],
  ['short hashes by default', { output: { filename: '[name].[contenthash].js', hashDigestLength: 4 } }],
  ['a name of its own', { entry: { main: { import: './main.js', filename: '[name].[chunkhash:8].js' } } }],
])('webpack and Rspack rename a script with %s', async (_, config) => {
  const dir = await mkdtemp(join(temp, 'hashes-'))
  await writeFile(join(dir, 'main.js'), 'console.log(document.title)\n')
  const build = async (release: string) => {
    const outDir = join(dir, release)
    const options = { release, vault: join(dir, 'vault'), logger: quiet }
    const output = { filename: '[name].[contenthash].js', ...config.output }
    const given = { mode: 'production', context: dir, entry: './main.js', ...config } as const
    const compilers = [
      webpack({ ...given, output: { ...output, path: join(outDir, 'webpack') }, plugins: [webpackPlugin(options)] }),
      rspack({ ...given, output: { ...output, path: join(outDir, 'rspack') }, plugins: [rspackPlugin(options)] }),
    ]
    for (const compiler of compilers) {
      await new Promise<void>((done, fail) => compiler?.run(error => (error ? fail(error) : done())))
      await new Promise<void>(done => compiler?.close(() => done()))
    }
    return [...(await readFolder(outDir)).keys()].filter(isScript)
  }
  const [before, after] = [await build('1.9.9'), await build('1.10.0-beta.1')]
  expect(before).toHaveLength(2)
  expect(before.filter(path => after.includes(path))).toEqual([])
})
