import { checkFolder } from '@mapseal/core/folder'
import type { Plugin as RollupPlugin } from 'rollup'
import * as vite8 from 'vite'
import { describe, expect, test } from 'vitest'
import type { Compiler } from 'webpack'
import { compareScript } from '../matrix/oracle/compare.ts'
import { type Built, buildRollup, buildVite, buildWebpack, place, scriptsOf, stacksIn } from './cases.ts'

/** Source maps that other plugins write under names of their own, to which no comment leads. */

const ofNobody =
  '{"version":3,"file":"other.js","sources":["other.ts"],"sourcesContent":["secret"],"names":[],"mappings":"AAAA"}'

/** Data that resembles a source map is not one. */
const data = {
  'data/version.json': '{"version":3,"file":"a","sections":["x"],"sources":2}',
  'data/index.json': '{"version":3,"sources":[],"mappings":{"properties":{}}}',
  'data/text.txt': '{"version":3,"sources":[],"mappings":"not a map at all"}',
}

/** @param others that are of no script either, before `path` */
function expectTaken({ failure, lines, files, report }: Built, path: string, ...others: string[]): void {
  expect(failure).toBeUndefined()
  for (const name of [...others, path]) expect(Object.keys(files)).not.toContain(name)
  const named = [...others, path].join(', ')
  expect(lines.filter(line => line.includes(`of no script of the build: ${named}.`))).toHaveLength(1)
  expect(report?.build.files.find(file => file.path === path)).toMatchObject({ fate: 'gone', map: {} })
  expect(report?.leaks).toEqual([])
  for (const [name, text] of Object.entries(data)) expect(files[name], name).toBe(text)
}

const emitting = (moves: boolean): RollupPlugin => ({
  name: 'moves-maps',
  generateBundle(_, bundle) {
    for (const [fileName, source] of Object.entries({ 'maps/other.txt': ofNobody, ...data }))
      this.emitFile({ type: 'asset', fileName, source })
    for (const chunk of Object.values(bundle)) {
      if (!moves || chunk.type !== 'chunk' || !chunk.map) continue
      this.emitFile({ type: 'asset', fileName: `maps/${chunk.name}.json`, source: JSON.stringify(chunk.map) })
      delete bundle[chunk.sourcemapFileName ?? '']
    }
  },
})

describe.each([
  ['before ours', (ours: unknown[], plugin: unknown) => [plugin, ...ours]],
  ['after ours', (ours: unknown[], plugin: unknown) => [...ours, plugin]],
])('a plugin %s', (_, order) => {
  test.each(['rollup', 'rolldown'] as const)('that moves maps in %s', async bundler => {
    const built = await buildRollup(bundler, await place(), ours => order(ours, emitting(true)))
    expectTaken(built, 'maps/other.txt')
    expect(built.report).toMatchObject({ decodable: built.report?.scripts })
    expect(Object.keys(built.files).filter(name => name.startsWith('maps/'))).toEqual([])
    expect((await checkFolder(built.outDir)).problems).toEqual([])
  })
})

test('in Vite, each stack of the page leads to its line', async () => {
  const built = await buildVite(vite8, await place(), ours => [emitting(true), ...ours])
  // Vite edits the entry after the plugin has copied its map, so that the copy does not fit it.
  expectTaken(built, 'maps/other.txt', 'maps/index.json')
  const lines = ['main.js:7', 'lazy.js:6']
  expect(await stacksIn(built)).toEqual({ byId: lines, byUrl: lines })
})

/** Writes the map of each script as `maps/<name>.json`, with no relation and no comment, when webpack has made it. */
const movesMaps = {
  apply(compiler: Compiler) {
    compiler.hooks.thisCompilation.tap('moves', compilation => {
      const { RawSource } = compiler.webpack.sources
      const stage = compiler.webpack.Compilation.PROCESS_ASSETS_STAGE_DEV_TOOLING + 0.5
      compilation.hooks.processAssets.tap({ name: 'moves', stage }, () => {
        for (const { name, source } of compilation.getAssets().filter(({ name }) => name.endsWith('.js.map'))) {
          const script = name.replace('.map', '')
          compilation.updateAsset(script, code => code, { related: { sourceMap: null } } as never)
          compilation.deleteAsset(name)
          compilation.emitAsset(`maps/${script}.json`, source)
        }
        for (const [name, text] of Object.entries({ 'maps/other.txt': ofNobody, ...data }))
          compilation.emitAsset(name, new RawSource(text))
      })
    })
  },
}

test('in webpack, a map is paired by its own file', async () => {
  const dir = await place()
  const built = await buildWebpack(dir, ours => [...ours, movesMaps], { devtool: 'hidden-source-map' })
  expectTaken(built, 'maps/other.txt')
  expect(built.report).toMatchObject({ scripts: 2, decodable: 2 })
  expect(Object.keys(built.files).filter(name => name.startsWith('maps/'))).toEqual([])
  for (const name of ['main.js', 'lazy.js']) {
    built.plain[`${name}.map`] = built.plain[`maps/${name}.json`] as string
    const [plain, sealed] = await scriptsOf(built, name)
    expect(compareScript(plain, sealed), name).toMatchObject({ problems: [] })
  }
})

test('one that is written to the disk by others is found at the end', async () => {
  const { writeFile } = await import('node:fs/promises')
  const { join } = await import('node:path')
  const dir = await place()
  const writing = {
    name: 'writing',
    writeBundle: ({ dir }: { dir?: string }) => writeFile(join(dir as string, 'x'), ofNobody),
  }
  const built = await buildRollup('rollup', dir, ours => [writing, ...ours])
  expect(built.report?.leaks).toMatchObject([{ path: 'x', kind: 'map file' }])
  expect(built.failure?.message).toContain('dist/x still reveals source (map file)')
})

test('inline maps that another plugin leaves outside of scripts are reported', async () => {
  const comment = `sourceMappingURL=data:application/json;base64,${Buffer.from(ofNobody).toString('base64')}`
  const assets = {
    'about.html': `<script>about()\n//# ${comment}\n</script>`,
    'bin/run': `#!/usr/bin/env node\nrun()\n//# ${comment}\n`,
    'two.css': `a{}/*# ${comment} */\nb{}`,
  }
  const other: vite8.Plugin = {
    name: 'leaves-inline-maps',
    generateBundle() {
      for (const [fileName, source] of Object.entries(assets)) this.emitFile({ type: 'asset', fileName, source })
    },
  }
  const built = await buildVite(vite8, await place(), ours => [...ours, other])
  expect(built.failure?.message).toContain('about.html still reveals source (inline map)')
  expect(built.report?.leaks).toMatchObject(Object.keys(assets).map(path => ({ path, kind: 'inline map' })))
  const { problems } = await checkFolder(built.outDir)
  expect([...new Set(problems.map(({ path }) => path))]).toEqual(Object.keys(assets))
})
