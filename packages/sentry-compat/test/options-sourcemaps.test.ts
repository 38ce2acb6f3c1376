import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { build, bundlers, reaching, run } from './build.ts'
import { server, useRecorder } from './recorder.ts'
import { uploadedMaps, uploadedNames } from './uploaded.ts'

/** The options of `sourcemaps`, each by its name. */

useRecorder()

const hidden = `{ output: { sourcemap: 'hidden' } }`
const visible = '{ output: { sourcemap: true } }'
const rollup = (sourcemaps: string, more = {}) =>
  build({ bundler: 'rollup', options: reaching(server, `sourcemaps: ${sourcemaps}`), ...more })
const mapsOf = ({ files }: { files: Map<string, string> }) => [...files.keys()].filter(name => name.endsWith('.map'))
const unhashed = (names: string[]) => names.map(name => name.replace(/-[\w-]{8}\.js/, '.js'))

describe('disable: true', () => {
  test.each(bundlers)(
    '%s: no debug IDs and no upload; release, metadata and maps as the bundler makes them',
    async bundler => {
      const config = { rollup: visible, rolldown: visible, esbuild: '{ sourcemap: true }' }[bundler as 'rollup']
      const options = reaching(
        server,
        `applicationKey: 'shop', sourcemaps: { disable: true, filesToDeleteAfterUpload: 'dist/**' }`,
      )
      const built = await build({ bundler, options, ...(config && { config }) })
      expect(built.code, built.stderr).toBe(0)
      const globals = await run(built.dir)
      expect(globals).toMatchObject({ SENTRY_RELEASE: { id: '1.4.0' }, mainDone: 'main a', lazyDone: 'lazy b' })
      expect(globals._sentryDebugIds).toBeUndefined()
      expect(globals._sentryDebugIdIdentifier).toBeUndefined()
      expect(Object.values(globals._sentryModuleMetadata ?? {})).toContainEqual({
        '_sentryBundlerPluginAppKey:shop': true,
      })
      expect([...built.files.values()].join('')).not.toContain('debugId')
      expect(mapsOf(built).length > 0).toBe(config !== undefined)
      expect(server.calls()).toEqual(['POST releases/', 'PUT releases/1.4.0/'])
    },
  )
})

describe("disable: 'disable-upload'", () => {
  test('identifies scripts and the maps that were asked for, which stay; nothing is uploaded or deleted', async () => {
    const built = await rollup(`{ disable: 'disable-upload', filesToDeleteAfterUpload: 'dist/**/*.map' }`, {
      config: hidden,
    })
    expect(built.code, built.stderr).toBe(0)
    expect(mapsOf(built)).toHaveLength(2)
    for (const [name, code] of built.files) {
      if (name.endsWith('.map')) continue
      const [, debugId] = /\/\/# debugId=(\S+)/.exec(code) ?? []
      const map = JSON.parse(built.files.get(`${name}.map`) ?? '')
      expect([map.debug_id, map.debugId]).toEqual([debugId, debugId])
    }
    expect(server.calls()).toEqual(['POST releases/', 'PUT releases/1.4.0/'])
  })

  test('maps that nobody asked for go to the vault, not into the output', async () => {
    const built = await rollup(`{ disable: 'disable-upload' }`)
    expect(mapsOf(built)).toEqual([])
    expect(existsSync(join(built.dir, '.mapseal/packs'))).toBe(true)
  })
})

test('assets: globs from the working folder choose what is uploaded; all scripts are identified', async () => {
  const { code, dir } = await rollup(`{ assets: './dist/main*' }`)
  expect(code).toBe(0)
  expect(unhashed(uploadedNames(server))).toEqual(['~/main.js', '~/main.js.map'])
  expect(Object.keys((await run(dir))._sentryDebugIds ?? {})).toHaveLength(2)
})

test('assets: an empty list uploads nothing, and the release is made', async () => {
  const { code } = await rollup('{ assets: [] }')
  expect(code).toBe(0)
  expect(server.calls()).toEqual(['POST releases/', 'PUT releases/1.4.0/'])
})

test('ignore: goes over assets, also with braces', async () => {
  await rollup(`{ assets: ['dist/**'], ignore: ['dist/{lazy,other}*'] }`)
  expect(new Set(unhashed(uploadedNames(server)).map(name => name.replace('.map', '')))).not.toContain('~/lazy.js')
  expect(unhashed(uploadedNames(server))).toContain('~/main.js')
})

test('rewriteSources: by default, names are relative to the working folder', async () => {
  await rollup('{}', { config: `{ output: { dir: 'dist/deep/er', sourcemap: 'hidden' } }` })
  expect(
    uploadedMaps(server)
      .flatMap(({ sources }) => sources)
      .sort(),
  ).toEqual(['src/lazy.js', 'src/main.js', 'src/shared.js'])
})

test('rewriteSources: gets name, map and mapDir; what stays in the output keeps its names', async () => {
  const rewrite = `(source, map, { mapDir }) => [source, map.version, mapDir.split('/').pop()].join('|')`
  const built = await rollup(`{ rewriteSources: ${rewrite} }`, { config: hidden })
  expect(uploadedMaps(server).flatMap(({ sources }) => sources)).toContain('../src/main.js|3|dist')
  const kept = mapsOf(built).flatMap(name => JSON.parse(built.files.get(name) ?? '').sources)
  expect(kept).toContain('../src/main.js')
})

test('resolveSourceMap: names the map of a script; without an answer, the bundler has it', async () => {
  const files = { 'maps/own.map': '{"version":3,"sources":["own.ts"],"names":[],"mappings":"AAAA"}' }
  const before = 'const asked = []\nprocess.on("exit", () => console.log(JSON.stringify(asked)))'
  const hook = `async (path, url) => { asked.push([path.replace(/-[^-]*$/, '').split('/').pop(), url ?? null]); return path.includes('lazy') ? process.cwd() + '/maps/own.map' : process.cwd() + '/maps/none.map' }`
  const { code, stdout } = await rollup(`{ resolveSourceMap: ${hook} }`, { files, before })
  expect(code).toBe(0)
  expect(JSON.parse(stdout).sort()).toEqual([
    ['lazy', null],
    ['main', null],
  ])
  const byUrl = Object.fromEntries(uploadedMaps(server).map(({ url, sources }) => [unhashed([url])[0], sources]))
  expect(byUrl['~/lazy.js.map']).toEqual(['maps/own.ts'])
  expect(byUrl['~/main.js.map']).toContain('src/main.js')
})

test('resolveSourceMap: gets the URL of a map that stays in the output', async () => {
  const before = 'const asked = []\nprocess.on("exit", () => console.log(asked.sort().join()))'
  const hook = '(path, url) => { asked.push(url); return url }'
  const { code, stdout } = await rollup(`{ resolveSourceMap: ${hook} }`, { config: visible, before })
  expect(code).toBe(0)
  expect(unhashed(stdout.trim().split(','))).toEqual(['lazy.js.map', 'main.js.map'])
  expect(uploadedMaps(server).flatMap(({ sources }) => sources)).toContain('src/main.js')
})

describe('filesToDeleteAfterUpload', () => {
  test.each([
    ['a glob', `'./dist/**/*.map'`],
    ['a list', `['dist/*.map', 'dist/nothing/**']`],
    ['a promise', `Promise.resolve(['dist/**/*.map'])`],
  ])('%s: the files go once they are uploaded, and no link to them stays', async (_, globs) => {
    const built = await rollup(`{ filesToDeleteAfterUpload: ${globs} }`, { config: visible })
    expect(built.code, built.stderr).toBe(0)
    expect(mapsOf(built)).toEqual([])
    expect([...built.files.values()].join('')).not.toContain('sourceMappingURL')
    expect(uploadedNames(server)).toHaveLength(4)
  })

  test('other files stay where the upload fails; source maps go, since the vault has them', async () => {
    const options = reaching(
      { url: 'http://127.0.0.1:1' },
      `errorHandler() {}, sourcemaps: { filesToDeleteAfterUpload: 'dist/lazy*' }`,
    )
    const built = await build({ bundler: 'rollup', options, config: hidden })
    expect(built.code).toBe(0)
    expect(unhashed([...built.files.keys()])).toEqual(['lazy.js', 'main.js', 'main.js.map'])
    expect(existsSync(join(built.dir, '.mapseal/packs'))).toBe(true)
  })
})

describe('deleteSourcemapsAfterUpload', () => {
  test.each([
    ['undefined', 'unset', '{}', '{}', 0],
    ['undefined', 'hidden', '{}', hidden, 2],
    ['undefined', 'visible', '{}', visible, 2],
    ['true', 'visible', '{ deleteSourcemapsAfterUpload: true }', visible, 0],
    ['true', 'unset', '{ deleteSourcemapsAfterUpload: true }', '{}', 0],
    ['false', 'unset', '{ deleteSourcemapsAfterUpload: false }', '{}', 2],
    ['false', 'hidden', '{ deleteSourcemapsAfterUpload: false }', hidden, 2],
  ])('%s, with the bundler set to %s maps', async (_, __, sourcemaps, config, kept) => {
    const built = await rollup(sourcemaps, { config })
    expect(built.code, built.stderr).toBe(0)
    expect(mapsOf(built)).toHaveLength(kept)
    expect([...built.files.values()].join('')).not.toContain('sourceMappingURL')
    expect(uploadedNames(server)).toHaveLength(4)
  })

  test.each([
    ['undefined', '{}'],
    ['true', '{ deleteSourcemapsAfterUpload: true }'],
  ])('%s, with the bundler set to inline maps: the scripts lose them, and they are uploaded', async (_, sourcemaps) => {
    const built = await rollup(sourcemaps, { config: `{ output: { sourcemap: 'inline' } }` })
    expect(built.code, built.stderr).toBe(0)
    expect([...built.files.values()].join('')).not.toContain('sourceMappingURL')
    expect(uploadedNames(server)).toHaveLength(4)
  })

  test.each([
    ['undefined', '{}'],
    ['true', '{ deleteSourcemapsAfterUpload: true }'],
    ['false', '{ deleteSourcemapsAfterUpload: false }'],
  ])('%s, with the bundler set to no maps: none is made, and that is said', async (_, sourcemaps) => {
    const built = await rollup(sourcemaps, { config: '{ output: { sourcemap: false } }' })
    expect(built.code, built.stderr).toBe(0)
    expect(mapsOf(built)).toEqual([])
    expect(built.stderr).toMatch(/no source map|source maps? (?:is|are) (?:switched )?off/)
  })

  test.each(bundlers)('%s: undefined keeps the maps that were asked for, and takes the others out', async bundler => {
    const setting = {
      vite8: '{ build: { sourcemap: true } }',
      vite7: '{ build: { sourcemap: true } }',
      webpack: `{ devtool: 'source-map' }`,
      rspack: `{ devtool: 'source-map' }`,
      rollup: visible,
      rolldown: visible,
      esbuild: '{ sourcemap: true }',
    }[bundler]
    const asked = await build({ bundler, options: reaching(server), config: setting })
    expect(mapsOf(asked).length, asked.stderr).toBeGreaterThanOrEqual(2)
    const unasked = await build({ bundler, options: reaching(server) })
    expect(mapsOf(unasked), unasked.stderr).toEqual([])
  })
})
