import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import rolldownPlugin from 'mapseal/rolldown'
import { type Plugin, rolldown } from 'rolldown'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pages, writeApp } from './light/app.ts'
import type { Task } from './light/build.ts'
import { buildPackages } from './light/built.ts'
import { counting } from './light/counting.ts'
import type { Counts } from './light/probe.ts'
import { readStored, type Stored } from './light/stored.ts'
import { runNode } from './support/command.ts'
import { type SentryServer, startSentry } from './support/sentry-server.ts'

/**
 * What Mapseal costs, in counts that are the same on every machine: modules loaded, bytes that went through JSON or a
 * compressor, requests, files. Where one of them grows, a build has become slower, whatever a timer says.
 */

const minutes = 60_000
const bundlers = ['vite', 'webpack', 'esbuild'] as const
const entries = ['vite', 'rollup', 'rolldown', 'webpack', 'rspack', 'rsbuild', 'esbuild', 'farm', 'bun', 'index']
const require = createRequire(import.meta.url)
const logger = { info() {}, warn: console.error, error: console.error }
const tsx = pathToFileURL(require.resolve('tsx')).href
const recorder = require.resolve('./light/loads.mjs')
const child = join(import.meta.dirname, 'light/build.ts')

let temp: string
let app: string
beforeAll(async () => {
  await mkdir(join(import.meta.dirname, '.tmp'), { recursive: true })
  temp = await mkdtemp(join(import.meta.dirname, '.tmp/light-'))
  app = join(temp, 'app')
  await Promise.all([writeApp(app), buildPackages(temp)])
  const { loads } = await recorded([
    '--input-type=module',
    '--eval',
    `await import('${import.meta.resolve('unplugin')}')`,
  ])
  unpluginLoads = new Set(loads)
}, 2 * minutes)
afterAll(() => rm(temp, { recursive: true }))

/** An entry, what all entries share, and core, whose entries share a second file. */
const mostFiles = 4

/** Synced as a vault is made: beside it, and in it for `packs/`, `index/` and `builds/`. */
const newFolders = 4

let runs = 0
/** What unplugin loads when it is not bundled, as here; Mapseal's published package has none of it. */
let unpluginLoads: Set<string>

interface Run {
  counts: Counts
  /** URLs of the modules that were imported. */
  loads: string[]
}

/** With what a name stands for below the temporary folder. */
async function build(task: Omit<Task, 'outDir' | 'vault'> & { name: string }): Promise<Run> {
  const { name, ...rest } = task
  const paths = { outDir: join(temp, name, 'dist'), vault: join(temp, name, 'vault') }
  await mkdir(join(temp, name), { recursive: true })
  const args = ['-C', 'mapseal-source', '--import', tsx, child, JSON.stringify({ ...rest, ...paths })]
  const { stdout, loads } = await recorded(args)
  return { counts: JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Counts, loads }
}

async function recorded(args: string[]): Promise<{ stdout: string; loads: string[] }> {
  const file = join(temp, `loads-${++runs}`)
  const run = await runNode(['--import', recorder, ...args], { cwd: temp, env: { LIGHT_LOADS: file } })
  expect(run.code, run.stdout + run.stderr).toBe(0)
  const loads = (await readFile(file, 'utf8')).trim().split('\n')
  return { stdout: run.stdout, loads: [...new Set(loads)] }
}

const stored = (name: string) => readStored(join(temp, name, 'vault'))

function sumOf(calls: Record<string, number>): number {
  return Object.values(calls).reduce((sum, count) => sum + count, 0)
}

/** Modules that a build without a delivery must not load. */
const deliveryCode =
  /\/packages\/(?:cli|destinations)\/|\/core\/src\/http\/(?:client|connections|create-fetch|index)\.ts/
const httpClient = /\/node_modules\/undici\//
const mapLibraries = /\/node_modules\/(?:@jridgewell|@ampproject|source-map|source-map-js|magic-string)\//

/** Those that undici was bundled into, by one of its error codes. */
async function withUndici(loads: string[]): Promise<string[]> {
  const files = loads.filter(url => url.startsWith('file:'))
  const texts = await Promise.all(files.map(url => readFile(new URL(url), 'utf8')))
  return files.filter((_, index) => texts[index]?.includes('UND_ERR_BODY_TIMEOUT'))
}

describe('importing', () => {
  test.each(entries)('mapseal/%s loads little', async name => {
    const code = `await import('mapseal${name === 'index' ? '' : `/${name}`}'); console.log(process.moduleLoadList.join('\\n'))`
    const { loads, stdout } = await recorded(['--input-type=module', '--eval', code])
    expect(stdout).toContain('NativeModule path')
    expect(stdout).not.toMatch(/^NativeModule (?:https?|tls)$/m)
    const modules = pathToFileURL(join(temp, 'node_modules/')).href
    const own = loads.filter(url => url.startsWith(modules)).map(url => url.slice(modules.length))
    expect(own).toContain(`mapseal/dist/${name}.js`)
    expect(own.filter(path => !/^(?:mapseal|@mapseal\/core)\/dist\/[^/]+\.js$/.test(path))).toEqual([])
    expect(own.length).toBeLessThanOrEqual(mostFiles)
    const others = loads.filter(url => url.startsWith('file:') && !url.startsWith(modules))
    expect(others).toEqual([])
    expect(await withUndici(loads)).toEqual([])
  })

  test('undici is in the package, and loaded with the HTTP client', async () => {
    const { loads } = await recorded(['--input-type=module', '--eval', `await import('@mapseal/core/http')`])
    expect(loads.filter(url => httpClient.test(url))).toEqual([])
    expect(await withUndici(loads)).toHaveLength(1)
  })

  test('a destination loads no HTTP client before it delivers', async () => {
    const { loads } = await recorded(['--input-type=module', '--eval', `await import('mapseal/destinations/sentry')`])
    expect(loads.filter(url => /destinations\/dist\/sentry\.js$/.test(url))).not.toEqual([])
    expect(loads.filter(url => /(?:core|destinations)\/dist\/http\//.test(url))).toEqual([])
    expect(await withUndici(loads)).toEqual([])
  })
})

describe.each(bundlers)('the playground on %s', bundler => {
  let plain: Run
  let sealed: Run
  beforeAll(async () => {
    plain = await build({ bundler, name: `${bundler}-plain`, plugin: 'maps' })
    sealed = await build({ bundler, name: `${bundler}-sealed`, plugin: 'mapseal' })
  }, 2 * minutes)

  test('loads nothing to deliver with, and nothing to parse maps with', () => {
    expect(sealed.loads.filter(url => url.includes('/packages/mapseal/src/'))).not.toEqual([])
    expect(sealed.loads.filter(url => deliveryCode.test(url))).toEqual([])
    expect(sealed.loads.filter(url => httpClient.test(url))).toEqual([])
    expect(sealed.loads.filter(url => mapLibraries.test(url) && !unpluginLoads.has(url))).toEqual([])
  })

  test('handles no source map as JSON', async () => {
    const { files, mapBytes } = await stored(`${bundler}-sealed`)
    const maps = sealed.counts.json.maps - plain.counts.json.maps
    const bytes = sealed.counts.json.bytes - plain.counts.json.bytes
    if (bundler === 'vite') {
      // Those alone that Vite makes anew from Rolldown's object: of the chunk with dynamic imports, and of the worker.
      expect(files.length).toBeGreaterThan(40)
      expect(maps).toBeLessThanOrEqual(2)
      expect(sealed.counts.json.asked).toBeLessThanOrEqual(2)
      expect(bytes).toBeLessThanOrEqual(mapBytes / 2)
    } else expect([maps, bytes, sealed.counts.json.asked]).toEqual([0, 0, 0])
  })

  test('is one pack for each output and one record in the vault', async () => {
    const { packs, builds, leftOver, files } = await stored(`${bundler}-sealed`)
    // The worker is an output of its own on Vite.
    const outputs = bundler === 'vite' ? 2 : 1
    expect(files.length).toBeGreaterThan(40)
    expect({ packs, builds, leftOver }).toEqual({ packs: outputs, builds: 1, leftOver: [] })
    // A pack, a part of the index and an open record for each output, and the record as the build ends. Each is synced, and so
    // is the folder that it got its name in; once for a vault, the folders that its own were made in.
    expect(sealed.counts.syncs - plain.counts.syncs).toBe(2 * (3 * outputs + 1) + newFolders)
    // A folder is opened to be synced. Four of an output's calls write its open record. All writes of the record but the
    // first read it under a lock, which takes five calls more; the last one read it before, too.
    expect(sumOf(sealed.counts.vaultCalls)).toBeLessThanOrEqual(24 + 30 * outputs + newFolders)
  })

  test('is delivered in 5 requests, and in 2 or 3 without a chunk where nothing changed', {
    timeout: 2 * minutes,
  }, async () => {
    await using server = await recordingServer({ states: ['created'] })
    const task = { bundler, name: `${bundler}-delivered`, plugin: 'mapseal', url: server.url } as const
    const { loads } = await build(task)
    // So it is seen where it is loaded.
    expect(loads.filter(url => deliveryCode.test(url)).length).toBeGreaterThan(2)
    expect(loads.filter(url => httpClient.test(url))).not.toEqual([])
    expect(server.bundles.size).toBe(1)
    expect(server.calls()).toHaveLength(5)
    expect(server.chunkBytes()).toBeGreaterThan(10_000)

    server.clear()
    await build(task)
    expect(server.calls()).toHaveLength(2)
    expect(server.chunkBytes()).toBe(0)

    server.clear()
    server.forgetStates()
    await build(task)
    expect(server.calls()).toHaveLength(3)
    expect(server.chunkBytes()).toBe(0)
    const { packs, builds } = await stored(task.name)
    expect({ packs, builds }).toEqual({ packs: bundler === 'vite' ? 2 : 1, builds: 3 })
  })
})

describe.each(bundlers)('an app of large scripts on %s', bundler => {
  let plain: Counts
  let delivered: Counts
  let kept: Stored
  beforeAll(async () => {
    await using server = await recordingServer()
    plain = (await build({ bundler, app, name: `${bundler}-app-plain`, plugin: 'maps' })).counts
    delivered = (await build({ bundler, app, name: `${bundler}-app`, plugin: 'mapseal', url: server.url })).counts
    kept = await stored(`${bundler}-app`)
    expect(server.bundles.size).toBe(1)
  }, 2 * minutes)

  test('compresses each byte once, and decompresses none', () => {
    const { bytes, files } = kept
    expect(bytes).toBeGreaterThan(pages * 500_000)
    const compressed = delivered.compressed - plain.compressed
    expect(compressed).toBeGreaterThanOrEqual(bytes)
    // Beyond that, what the bundle says of each file.
    expect(compressed).toBeLessThanOrEqual(bytes + 1000 * files.length + 2000)
    expect(delivered.wrapped).toBe(0)
    expect(delivered.decompressions).toBe(0)
    expect(delivered.streams).toBe(plain.streams)
  })

  test('holds one map after the other, in the same memory', () => {
    // Beside it, the manifest alone.
    expect(delivered.threaded - plain.threaded).toBeLessThanOrEqual(1)
    expect(delivered.mapMemories).toBeGreaterThanOrEqual(1)
    // Those that became too small on the way.
    expect(delivered.mapMemories).toBeLessThanOrEqual(3)
  })

  test('makes no text of what it has as bytes, and empties no file that it writes again', () => {
    expect(delivered.madeText).toBe(0)
    expect(delivered.emptied).toBe(0)
  })

  test('makes as few calls in the vault', () => {
    // A pack, a part of the index, a mark for the delivery, the open record, the record as the build ends, and again with what
    // became of the delivery. The folder of the marks is new, too.
    expect(delivered.syncs - plain.syncs).toBe(2 * 6 + newFolders + 1)
    // The record is read again before it is written again, under a lock.
    expect(sumOf(delivered.vaultCalls)).toBeLessThanOrEqual(80 + newFolders)
  })
})

test('Rolldown copies each map out once', { timeout: minutes }, async () => {
  const reads = new Map<string, number>()
  const plugins = [rolldownPlugin({ vault: join(temp, 'rolldown/vault'), release: '1.2.3', logger })].flat() as Plugin[]
  const bundle = await rolldown({
    input: join(app, 'main.js'),
    plugins: plugins.map(plugin => counting(plugin, reads)),
  })
  await bundle.write({ dir: join(temp, 'rolldown/dist') })
  await bundle.close()
  const { files } = await stored('rolldown')
  expect(files.length).toBeGreaterThan(pages)
  expect(reads).toEqual(new Map(files.map(({ path }) => [`${path}.map source`, 1])))
})

async function recordingServer(options?: Parameters<typeof startSentry>[0]): Promise<SentryServer & AsyncDisposable> {
  const server = await startSentry(options)
  return { ...server, [Symbol.asyncDispose]: server.close }
}
