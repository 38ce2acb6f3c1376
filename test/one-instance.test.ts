/// <reference path="./matrix/toolchains.d.ts" />
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { listFiles, openStore, openVault } from '@mapseal/core'
import { verifyVault } from '@mapseal/core/folder'
import type { Options } from 'mapseal'
import rolldownPlugin from 'mapseal/rolldown'
import vitePlugin from 'mapseal/vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { run } from './company/builds.ts'
import { type Host, hosts } from './company/grid.ts'
import { isMap, isScript } from './matrix/files.ts'
import { pluginMaker } from './matrix/plugin.ts'
import type { Bundler } from './matrix/types.ts'

/** One plugin instance that is in the plugins of several builds at the same time. */

let temp: string
beforeAll(async () => {
  await mkdir(join(import.meta.dirname, '.tmp'), { recursive: true })
  temp = await mkdtemp(join(import.meta.dirname, '.tmp/instance-'))
})
afterAll(() => rm(temp, { recursive: true }))

const logger = { info: () => {}, warn: () => {}, error: () => {} }

async function project(name: string): Promise<{ dir: string; options: Options; warnings: string[] }> {
  const dir = join(temp, name)
  await mkdir(join(dir, 'src'), { recursive: true })
  await writeFile(join(dir, 'package.json'), `{ "name": "${name}", "type": "module" }`)
  const main = "import('./lazy.js').then(({ lazy }) => console.log(lazy(1)))\nexport const main = 1\n"
  await writeFile(join(dir, 'src/main.js'), main)
  await writeFile(join(dir, 'src/lazy.js'), 'export function lazy(value) {\n  return value + 1\n}\n')
  const warnings: string[] = []
  const warn = (line: string) => void warnings.push(line)
  return {
    dir,
    warnings,
    options: { vault: join(dir, 'vault'), release: '1.2.3', onError: 'fail', logger: { ...logger, warn } },
  }
}

/** Every script in the folders is sealed, and in a record that has ended, as what was built. */
async function expectSealed(dir: string, outDirs: string[], vault = join(dir, 'vault')): Promise<void> {
  const records = await openVault(vault, dir).records()
  expect(records.map(({ state }) => state)).toEqual(records.map(() => undefined))
  expect((await verifyVault(openStore(vault, dir))).problems).toEqual([])
  const files = records.flatMap(record => record.files)
  for (const outDir of outDirs) {
    const written = await listFiles(outDir)
    expect(written.filter(isMap)).toEqual([])
    const scripts = written.filter(isScript)
    expect(scripts.length).toBeGreaterThan(0)
    for (const path of scripts) {
      const code = await readFile(join(outDir, path), 'utf8')
      const file = files.find(file => file.path === path && code.includes(file.debugId))
      expect(file, `${relative(dir, outDir)}/${path} is in no record`).toBeDefined()
      expect(file).not.toHaveProperty('problem')
      expect(file).not.toHaveProperty('fate')
      expect(`${await openVault(vault, dir).read(file?.code as never)}`).toBe(code)
      expect(file?.map).toBeDefined()
    }
  }
}

describe.each(hosts)('%s', host => {
  async function buildAtOnce(dir: string, options: Options, outDirs: string[]): Promise<void> {
    const plugins = ((await pluginMaker(host as Bundler, options))() as unknown[]).flat() as never[]
    await Promise.all(outDirs.map(outDir => run[host as Host]({ dir, outDir, plugins, minimize: false })))
  }

  test('two builds at once, and two more after them', async () => {
    const { dir, options, warnings } = await project(`${host}-two`)
    const outDirs = ['one', 'two', 'three', 'four'].map(name => join(dir, name))
    await buildAtOnce(dir, options, outDirs.slice(0, 2))
    await expectSealed(dir, outDirs.slice(0, 2))
    await buildAtOnce(dir, options, outDirs.slice(2))
    await expectSealed(dir, outDirs)
    expect(warnings).toEqual([])
  })

  test('five at once', async () => {
    const { dir, options, warnings } = await project(`${host}-five`)
    const outDirs = Array.from({ length: 5 }, (_, index) => join(dir, `out-${index}`))
    await buildAtOnce(dir, options, outDirs)
    await expectSealed(dir, outDirs)
    expect(warnings).toEqual([])
    expect(await openVault(join(dir, 'vault'), dir).records()).toHaveLength(1)
  })

  test('one of two fails, and the other is sealed', async () => {
    const { dir, options } = await project(`${host}-fails`)
    const plugins = ((await pluginMaker(host as Bundler, options))() as unknown[]).flat() as never[]
    await mkdir(join(dir, 'broken/src'), { recursive: true })
    await writeFile(join(dir, 'broken/src/main.js'), 'import "./absent.js"\n')
    await writeFile(join(dir, 'broken/package.json'), '{ "name": "broken", "type": "module" }')
    const place = (dir: string) => ({ dir, outDir: join(dir, 'out'), plugins, minimize: false })
    const [good, bad] = await Promise.allSettled([
      run[host as Host](place(dir)),
      run[host as Host](place(join(dir, 'broken'))),
    ])
    expect([good.status, bad.status], (good as PromiseRejectedResult).reason?.stack).toEqual(['fulfilled', 'rejected'])
    // A failure of any part is one of the build, which is then delivered by nobody else; its maps are kept all the same.
    const records = await openVault(options.vault, dir).records()
    const paths = records.flatMap(({ files }) => files.map(({ path }) => path))
    for (const path of (await listFiles(join(dir, 'out'))).filter(isScript)) expect(paths).toContain(path)
    const again = join(dir, 'again')
    await run[host as Host]({ dir, outDir: again, plugins, minimize: false })
    await expectKept(dir, again)
  })
})

async function expectKept(dir: string, outDir: string): Promise<void> {
  const records = await openVault(join(dir, 'vault'), dir).records()
  const done = records.filter(({ state }) => state === undefined)
  const paths = done.flatMap(({ files }) => files.map(file => `${file.outDir.split('/').at(-1)}/${file.path}`))
  for (const path of (await listFiles(outDir)).filter(isScript)) expect(paths).toContain(`again/${path}`)
}

describe('Vite: build() with one instance', () => {
  test.each(['vite', '@mapseal-test/vite7', '@mapseal-test/vite6', '@mapseal-test/vite5'])('%s', async name => {
    const module = (await import(/* @vite-ignore */ name)) as typeof import('vite') & { vite?: typeof import('vite') }
    const { build } = module.vite ?? module
    const one = await project(`${name.replaceAll(/\W/g, '')}-page`)
    const other = await project(`${name.replaceAll(/\W/g, '')}-other`)
    const plugins = vitePlugin(one.options)
    const start = (dir: string, outDir: string) => {
      const rollupOptions = { input: join(dir, 'src/main.js') }
      return build({
        root: dir,
        configFile: false,
        logLevel: 'silent',
        plugins,
        build: { outDir, rollupOptions },
      } as never)
    }
    await Promise.all([start(one.dir, 'a'), start(one.dir, 'b'), start(other.dir, 'c')])
    const outDirs = [join(one.dir, 'a'), join(one.dir, 'b'), join(other.dir, 'c')]
    await expectSealed(one.dir, outDirs)
    const records = await openVault(one.options.vault, one.dir).records()
    // The other project has a record of its own.
    expect(records.map(({ project }) => project).sort()).toEqual(
      [one, other].map(({ dir }) => dir.split('/').at(-1)).sort(),
    )
    const ofOther = records.find(({ project }) => project === other.dir.split('/').at(-1))
    expect(new Set(ofOther?.files.map(({ outDir }) => outDir))).toEqual(new Set(['c']))
  })
})

test('tsdown: two formats and one array of plugins', async () => {
  const { build } = await import('@mapseal-test/tsdown')
  for (let round = 0; round < 5; round++) {
    const { dir, options } = await project(`tsdown-${round}`)
    const plugins = [rolldownPlugin(options)]
    await build({
      cwd: dir,
      entry: ['src/main.js'],
      format: ['esm', 'cjs'],
      outDir: join(dir, 'dist'),
      plugins,
      sourcemap: true,
      dts: false,
      config: false,
      logLevel: 'silent',
    })
    await expectSealed(dir, [join(dir, 'dist')])
    expect(await openVault(options.vault, dir).records()).toHaveLength(1)
  }
})
