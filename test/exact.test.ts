import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import esbuildPlugin from 'mapseal/esbuild'
import vitePlugin from 'mapseal/vite'
import webpackPlugin from 'mapseal/webpack'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Plugins, builds as playground } from '../playground/build.ts'
import { isMap, isScript, readFolder } from './matrix/files.ts'
import { compareBuilds } from './matrix/oracle/compare.ts'
import { checkSecondReader } from './matrix/oracle/second-reader.ts'
import type { Build } from './matrix/types.ts'
import { readVault, sealedBuild } from './matrix/vault.ts'
import { watchForMaps } from './matrix/watch.ts'
import { builds as real } from './toolchains/real/build.ts'
import { generate } from './toolchains/real/generate.ts'

/** Every mapping of whole apps, against the same build without the plugin. */

const minutes = 60_000
const root = import.meta.dirname
const quiet = { info() {}, warn() {}, error() {} }

const sealing: { [Name in keyof Plugins]: (vault: string) => Plugins[Name] } = {
  vite: vault => vitePlugin({ vault, release: '1.2.3', logger: quiet }),
  webpack: vault => webpackPlugin({ vault, release: '1.2.3', logger: quiet }),
  esbuild: vault => esbuildPlugin({ vault, release: '1.2.3', logger: quiet }),
}

/** The setting that the plugin makes, and nothing else. */
const hiddenMaps: Plugins = {
  vite: { name: 'maps', config: () => ({ build: { sourcemap: 'hidden' } }) },
  webpack: { apply: compiler => void Object.assign(compiler.options, { devtool: 'hidden-source-map' }) },
  esbuild: { name: 'maps', setup: build => void Object.assign(build.initialOptions, { sourcemap: 'external' }) },
}

let temp: string
beforeAll(async () => {
  await mkdir(join(root, '.tmp'), { recursive: true })
  temp = await mkdtemp(join(root, '.tmp/exact-'))
  await generate(join(root, 'toolchains/real/.app'))
}, 2 * minutes)
afterAll(() => rm(temp, { recursive: true }))

async function withMaps(outDir: string): Promise<Build> {
  const all = [...(await readFolder(outDir))]
  const maps = all.filter(([path]) => isMap(path)).map(([path, bytes]) => [path.replace(/\.map$/, ''), bytes] as const)
  return { outDir, files: new Map(all.filter(([path]) => !isMap(path))), maps: new Map(maps) }
}

interface App<Name extends keyof Plugins> {
  /** The folder that the vault's paths are relative to. */
  project: string
  build: (outDir: string, plugins: Plugins[Name][]) => Promise<void>
}

async function compare<Name extends keyof Plugins>(name: Name, { project, build }: App<Name>) {
  const [plain, sealed, vault] = ['plain', 'sealed', 'vault'].map(folder => join(temp, name, folder)) as [
    string,
    string,
    string,
  ]
  await build(plain, [hiddenMaps[name]])
  const watcher = name === 'esbuild' ? undefined : await watchForMaps(sealed, ['assets'])
  await build(sealed, [sealing[name](vault)])
  const seen = (await watcher?.stop()) ?? []
  const files = await readFolder(sealed)
  const kept = await readVault(vault, project, sealed)
  const result = compareBuilds(await withMaps(plain), sealedBuild(sealed, files, kept), {
    isExtraAllowed: path => /release-[\w-]+\.js$/.test(path),
  })
  result.problems.push(...(await checkSecondReader(kept.maps)))
  const bytes = [...files].filter(([path]) => isScript(path)).reduce((sum, [, code]) => sum + code.length, 0)
  await rm(join(temp, name), { recursive: true })
  console.log(`${name}: ${result.scripts} scripts, ${bytes} bytes of code, ${result.mappings} mappings compared`)
  return { ...result, bytes, maps: [...seen, ...[...files.keys()].filter(isMap)] }
}

const app = join(root, 'toolchains/real/.app')
const shop = join(root, '../playground')

describe.each(['vite', 'webpack', 'esbuild'] as const)('%s', name => {
  test('the playground', { timeout: 2 * minutes }, async () => {
    const { scripts, mappings, problems, maps } = await compare(name, {
      project: shop,
      build: playground[name] as never,
    })
    expect(problems).toEqual([])
    expect(maps).toEqual([])
    expect(scripts).toBeGreaterThanOrEqual(40)
    expect(mappings).toBeGreaterThan(1000)
  })

  test('an app of npm packages', { timeout: 5 * minutes }, async () => {
    const build = ((outDir, plugins) => real[name](app, outDir, plugins as never)) as App<typeof name>['build']
    const { scripts, mappings, bytes, problems, maps } = await compare(name, { project: app, build })
    expect(problems).toEqual([])
    expect(maps).toEqual([])
    expect(scripts).toBeGreaterThanOrEqual(300)
    expect(bytes).toBeGreaterThan(10_000_000)
    expect(mappings).toBeGreaterThan(500_000)
  })
})
