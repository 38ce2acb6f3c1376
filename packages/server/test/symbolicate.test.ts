import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import vm from 'node:vm'
import { Worker } from 'node:worker_threads'
import type { BuildRecord, FileRecord, Vault } from '@mapseal/core'
import { createVault, openStore } from '@mapseal/core'
import { transform } from 'esbuild'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { createBudget } from '../src/budget.ts'
import { createBuildIndex } from '../src/builds/index.ts'
import { createMaps } from '../src/symbolicate/maps.ts'
import { createPool } from '../src/symbolicate/pool.ts'
import { startWorker } from '../src/symbolicate/start-worker.ts'
import { createSymbolicator, type SymbolicatorOptions } from '../src/symbolicate/symbolicator.ts'
import type { Symbolicator } from '../src/symbolicate/types.ts'
import { startServer } from './start.ts'

const id = '85314830-023f-4cf1-a267-535f4e37bb17'
const source = readFileSync(new URL('./cart-source.txt', import.meta.url), 'utf8')
const url = 'https://shop.example/assets/cart.js'

/** For a busy machine; in ms. */
const PATIENCE = 100_000
/** A thread that starts and takes jobs, and answers none. */
const SILENT = `const { parentPort } = require('node:worker_threads')
parentPort.on('message', () => {})
parentPort.postMessage({ kind: 'ready' })`

let dir: string
let code: string
let map: string
let stack: string

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'mapseal-symbolicate-'))
  const result = await transform(source, {
    loader: 'ts',
    minify: true,
    format: 'iife',
    sourcemap: 'external',
    sourcefile: '../../src/cart.ts',
  })
  code = result.code
  map = result.map
  stack = stackOf()
  await add('1.0.0', id, map)
})
afterAll(() => rm(dir, { recursive: true }))

const store = () => openStore(dir, dir)

async function add(release: string, debugId: string, text: string | undefined, path = 'assets/cart.js'): Promise<void> {
  const vault = createVault(store())
  const pack = vault.newPack()
  const blobs = await pack.put({
    path,
    debugId,
    code: Buffer.from(code),
    ...(text !== undefined && { map: Buffer.from(text) }),
  })
  await pack.commit()
  const build: BuildRecord = {
    id: `20261121T1015${String(++builds).padStart(8, '0')}Z-0`,
    version: 1,
    createdAt: '2026-11-21T10:15:00.000Z',
    release: { name: release, source: 'option' },
    files: [{ path, outDir: 'dist', debugId, ...blobs }],
    deliveries: {},
  }
  await vault.record(build)
}
let builds = 0

function stackOf(): string {
  try {
    vm.runInThisContext(code, { filename: url, displayErrors: false })
  } catch (error) {
    const lines = (error as Error).stack?.split('\n') ?? []
    return lines.filter(line => !/node:|node_modules|\.test\.ts/.test(line)).join('\n')
  }
  throw new Error('It should have thrown.')
}

let open: Symbolicator | undefined
afterEach(() => {
  vi.useRealTimers()
  return open?.close()
})

function symbolicator(options?: SymbolicatorOptions): Symbolicator {
  const kept = store()
  open = createSymbolicator(createBuildIndex(kept), createVault(kept), { timeLimit: PATIENCE, ...options })
  return open
}

const throwColumn = () => code.indexOf('throw')
const shown = (frame: { kind: string }) => {
  if (!('original' in frame)) return frame
  const {
    function: name,
    source,
    line,
    column,
  } = frame.original as { function?: string; source: string; line: number; column: number }
  return `${name ?? '-'} ${source}:${line}:${column}`
}

describe('a real stack', () => {
  it('leads to original functions and positions, with five lines around each', async () => {
    const { lines } = await symbolicator().stack(stack, { debugIds: { [url]: id } })
    expect(lines.slice(1).map(shown)).toEqual([
      'priceOf src/cart.ts:6:38',
      'Cart.total src/cart.ts:15:42',
      'checkout src/cart.ts:21:38',
      '- src/cart.ts:24:0',
      '- src/cart.ts:24:9',
    ])
    const [, first] = lines
    if (first?.kind !== 'original') throw new Error('It should be original.')
    expect(first.original.context?.firstLine).toBe(1)
    expect(first.original.context?.lines).toEqual(source.split('\n').slice(0, 11))
    expect(lines[0]).toMatchObject({ kind: 'text', raw: 'Error: no price' })
  })

  it('by file name in a release, and not in another', async () => {
    const maps = symbolicator()
    const frame = { file: url, line: 1, column: throwColumn() }
    expect((await maps.frames([frame], { name: '1.0.0' })).map(shown)).toEqual(['priceOf src/cart.ts:6:32'])
    expect(await maps.frames([frame], { name: '9' })).toMatchObject([{ reason: 'unknown-file' }])
    expect((await maps.frames([frame])).map(shown)).toEqual(['priceOf src/cart.ts:6:32'])
  })

  it('with the map of an older build, where a release has the same script without one', async () => {
    await add('no-maps', id, undefined)
    const frame = { file: url, line: 1, column: throwColumn() }
    const read = await symbolicator().frames([frame], { name: 'no-maps' })
    expect(read.map(shown)).toEqual(['priceOf src/cart.ts:6:32'])
  })
})

it('frames of the engine, of WebAssembly and without a place are distinguished', async () => {
  const frames = await symbolicator().frames([
    { file: 'native', line: 0 },
    { file: '[native code]', line: 0 },
    { file: 'node:internal/process/task_queues', line: 95, column: 4 },
    { file: 'wasm://wasm/2f6a12be:wasm-function[3]:0x5a', line: 1 },
    { file: '<anonymous>', line: 1, column: 2 },
    { line: 1, column: 2 },
    { debugId: id, line: 1 },
    { debugId: id, line: 500, column: 0 },
    { debugId: '0dc2aaea-0f2b-4c7b-8f0e-8a1a3b9d0c11', line: 1, column: 0 },
  ])
  const native = { kind: 'native' }
  expect(frames).toMatchObject([
    ...[native, native, native, native, native],
    { reason: 'unknown-file' },
    { reason: 'no-column' },
    { reason: 'no-mapping' },
    { reason: 'unknown-debug-id' },
  ])
})

describe('hostile maps', () => {
  it('broken, absurd and oversized ones are answered with a reason; the thread lives on', async () => {
    const ids = Array.from({ length: 5 }, (_, index) => `00000000-0000-4000-8000-00000000000${index}`)
    const far = { line: 2 ** 31 - 1, column: 0 }
    const flat = { version: 3, sources: ['a.ts'], names: [], mappings: 'AAAA' }
    const bodies = [
      '{',
      JSON.stringify({ version: 3, sections: [{ offset: far, map: flat }] }),
      JSON.stringify({ ...flat, mappings: `AAAA,${'+'.repeat(1_000_000)}` }),
      `{"version":3,"sources":[${'['.repeat(500_000)}${']'.repeat(500_000)}],"mappings":"AAAA"}`,
      JSON.stringify({ ...flat, filler: 'x'.repeat(3_000_000) }),
    ]
    for (const [index, body] of bodies.entries()) await add('bad', ids[index] as string, body, `bad-${index}.js`)
    const maps = symbolicator({ threads: 1, mapBytes: 2_500_000 })
    const frames = await maps.frames(ids.map(debugId => ({ debugId, line: 1, column: 9 })))
    expect(frames).toMatchObject([
      { reason: 'unreadable-map' },
      { reason: 'no-mapping' },
      { reason: 'unreadable-map', message: expect.stringContaining('exceeds 32 bits') },
      { kind: 'original', original: { source: '(unnamed source)' } },
      { reason: 'too-large' },
    ])
    expect((await maps.frames([{ debugId: id, line: 1, column: throwColumn() }])).map(shown)).toEqual([
      'priceOf src/cart.ts:6:32',
    ])
  })

  it('one that takes too long ends its thread, and the next is read by another', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const workers: Worker[] = []
    // The first never answers, whatever the machine.
    const start = (hotBytes: number) => {
      const worker = workers.length === 0 ? new Worker(SILENT, { eval: true }) : startWorker(hotBytes)
      workers.push(worker)
      return worker
    }
    const pool = createPool({ threads: 1, hotBytes: 1e6, timeLimit: 5000, queue: 10, startWorker: start })
    const maps = createMaps(pool, createVault(store()), { around: 5, mapBytes: 1e6, budget: createBudget(1e6) })
    const file = (await createBuildIndex(store()).byDebugId(id)).find(({ map }) => map)
    const read = () => maps.read(file as FileRecord, [{ line: 1, column: throwColumn() }])
    const first = read()
    await once(workers[0] as Worker, 'message')
    await vi.advanceTimersByTimeAsync(4999)
    expect(workers[0]?.threadId, 'still running').toBeGreaterThan(0)
    const ended = once(workers[0] as Worker, 'exit')
    await vi.advanceTimersByTimeAsync(1)
    expect(await first).toMatchObject({ reason: 'too-slow' })
    await ended
    expect(await read(), 'it is not tried again').toMatchObject({ reason: 'too-slow' })
    expect(workers).toHaveLength(1)
    const later = createMaps(pool, createVault(store()), { around: 5, mapBytes: 1e6, budget: createBudget(1e6) })
    expect(await later.read(file as FileRecord, [{ line: 1, column: throwColumn() }])).toMatchObject([
      { source: 'src/cart.ts', line: 6 },
    ])
    expect(workers).toHaveLength(2)
    await pool.close()
  })

  it('a damaged one is not fetched again', async () => {
    let reads = 0
    const vault: Vault = {
      ...createVault(store()),
      async read() {
        reads++
        return Buffer.from('{"version":3,')
      },
    }
    const pool = createPool({ threads: 1, hotBytes: 1e6, timeLimit: PATIENCE, queue: 10 })
    const maps = createMaps(pool, vault, { around: 5, mapBytes: 1e6, budget: createBudget(1e6) })
    const file = (await createBuildIndex(store()).byDebugId(id)).find(({ map }) => map) as FileRecord
    const read = (file: FileRecord) => maps.read(file, [{ line: 1, column: throwColumn() }])
    for (let count = 0; count < 3; count++) expect(await read(file)).toMatchObject({ reason: 'unreadable-map' })
    expect(reads).toBe(1)
    await read({ ...file, map: { ...(file.map as NonNullable<FileRecord['map']>), pack: 'uploaded again' } })
    expect(reads).toBe(2)
    await pool.close()
  })

  it('the start of a thread does not count', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const pool = createPool({ threads: 1, hotBytes: 1e6, timeLimit: 5000, queue: 10 })
    const job = { key: '0', path: 'a.js', positions: [], around: 5 }
    const reply = pool.run(job)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(await reply).toEqual({ kind: 'missing' })
    await pool.close()
  })

  it('more than may wait are answered as busy', async () => {
    const maps = symbolicator({ threads: 1, queue: 2 })
    const frame = { debugId: id, line: 1, column: throwColumn() }
    const answers = await Promise.all(Array.from({ length: 20 }, () => maps.frames([frame])))
    const kinds = answers.flat().map(answer => (answer.kind === 'unresolved' ? answer.reason : answer.kind))
    expect(new Set(kinds)).toEqual(new Set(['original', 'busy']))
  })
})

describe('many maps', () => {
  const ids = Array.from({ length: 12 }, (_, index) => `00000000-0000-4000-9000-0000000000${10 + index}`)
  const filler = 50_000
  const questions = () => ids.map(debugId => ({ debugId, line: 1, column: throwColumn() }))
  const original = 'priceOf ../src/cart.ts:6:32'

  beforeAll(async () => {
    for (const [index, debugId] of ids.entries()) {
      const text = JSON.stringify({ ...JSON.parse(map), filler: `${index}`.padEnd(filler, 'x') })
      await add('many', debugId, text, `many-${index}.js`)
    }
  })

  it('that do not fit are pushed out, and read again', async () => {
    const maps = symbolicator({ threads: 1, hotBytes: 120_000 })
    for (let round = 0; round < 3; round++) {
      expect((await maps.frames(questions())).map(shown)).toEqual(ids.map(() => original))
    }
  })

  it('are answered even if each pushes out the one before, whatever is requested at the same time', async () => {
    const maps = symbolicator({ threads: 1, hotBytes: 1 })
    const answers = await Promise.all(Array.from({ length: 10 }, () => maps.frames(questions())))
    expect(new Set(answers.flat().map(shown))).toEqual(new Set([original]))
  })

  it('are fetched once for all who ask meanwhile, and each gets its own answers', async () => {
    let reads = 0
    const vault = createVault(store())
    const counted = { ...vault, read: (blob: Parameters<Vault['read']>[0]) => vault.read(blob).finally(() => reads++) }
    open = createSymbolicator(createBuildIndex(store()), counted, { threads: 1, timeLimit: PATIENCE })
    const columns = [throwColumn(), code.indexOf('for('), throwColumn()]
    const answers = await Promise.all(
      columns.map(column => (open as Symbolicator).frames([{ debugId: id, line: 1, column }])),
    )
    expect(answers.flat().map(shown)).toEqual([
      'priceOf src/cart.ts:6:32',
      expect.stringMatching(/src\/cart\.ts:15:\d+$/),
      'priceOf src/cart.ts:6:32',
    ])
    expect(reads).toBe(1)
  })

  it('are in memory one after the other, as far as their bytes are more than may arrive at once', async () => {
    let arriving = 0
    let peak = 0
    const vault = createVault(store())
    const pool = createPool({ threads: 2, hotBytes: 1, timeLimit: PATIENCE, queue: 100 })
    const watched: Vault = {
      ...vault,
      read(blob) {
        arriving += blob.size
        peak = Math.max(peak, arriving)
        return vault.read(blob)
      },
    }
    const relieved: typeof pool = {
      ...pool,
      run(job, onStart) {
        const { length = 0 } = job.bytes ?? []
        return pool.run(job, onStart).finally(() => (arriving -= length))
      },
    }
    const maps = createMaps(relieved, watched, { around: 5, mapBytes: 1e6, budget: createBudget(5 * filler) })
    const files = (await createVault(store()).records()).flatMap(build => build.files)
    const many = files.filter(file => ids.includes(file.debugId))
    const answers = await Promise.all(many.map(file => maps.read(file, [{ line: 1, column: throwColumn() }])))
    await pool.close()
    expect(answers.flat().map(answer => 'source' in answer && answer.line)).toEqual(ids.map(() => 6))
    // Each counts twice: there is room for two.
    expect(peak).toBeGreaterThan(filler)
    expect(peak).toBeLessThan(3 * filler)
  })
})

it('threads that were started beforehand answer, and may be closed without an answer', async () => {
  const maps = symbolicator({ threads: 2 })
  maps.warm()
  maps.warm()
  const frame = { debugId: id, line: 1, column: throwColumn() }
  expect((await maps.frames([frame])).map(shown)).toEqual(['priceOf src/cart.ts:6:32'])
  await maps.close()
  maps.warm()
  expect(await maps.frames([frame])).toMatchObject([{ reason: 'busy' }])
})

describe('POST /api/symbolicate', () => {
  const post = (base: string, body: unknown) =>
    fetch(`${base}/api/symbolicate`, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) })

  it('takes a stack, frames, and frames of a release', async () => {
    await using server = await startServer({ vault: dir })
    const text = await post(server.url, { stack: `${stack}\n${url}=${id}` })
    expect(text.status).toBe(200)
    expect(((await text.json()) as { lines: { kind: string }[] }).lines.slice(1, 3).map(shown)).toEqual([
      'priceOf src/cart.ts:6:38',
      'Cart.total src/cart.ts:15:42',
    ])
    const frames = await post(server.url, { release: '1.0.0', frames: [{ file: url, line: 1, column: throwColumn() }] })
    expect(((await frames.json()) as { frames: { kind: string }[] }).frames.map(shown)).toEqual([
      'priceOf src/cart.ts:6:32',
    ])
  })

  it.each([
    ['a line of JSON', () => JSON.stringify({ level: 50, err: { stack, debugIds: { [url]: id } } })],
    ['a prefix for each line', () => `${stack.replace(/^/gm, '2026-11-21T10:15:00Z ERROR [web] ')}\n${url}=${id}`],
    ['one line', () => `${stack.replace(/\n\s*/g, ' ')}\n${url}=${id}`],
  ])('reads a log as the command does: %s', async (_, log) => {
    await using server = await startServer({ vault: dir })
    const answer = await post(server.url, { stack: log() })
    const { lines } = (await answer.json()) as { lines: { kind: string }[] }
    expect(
      lines
        .filter(({ kind }) => kind === 'original')
        .slice(0, 2)
        .map(shown),
    ).toEqual(['priceOf src/cart.ts:6:38', 'Cart.total src/cart.ts:15:42'])
  })

  it.each([
    ['', 400],
    ['[]', 400],
    [{}, 400],
    [{ stack: 'x', frames: [] }, 400],
    [{ stack: 5 }, 400],
    [{ stack: '\n'.repeat(10_001) }, 400],
    [{ stack: 'x', debugIds: { a: 5 } }, 400],
    [{ stack: 'x', release: {} }, 400],
    [{ frames: [{ line: -1, column: 0 }] }, 400],
    [{ frames: [{ line: 1, column: 0.5 }] }, 400],
    [{ frames: Array.from({ length: 1001 }, () => ({ line: 1, column: 0 })) }, 400],
    [{ stack: 'x'.repeat(1_000_001) }, 413],
  ])('refuses %.60j', async (body, status) => {
    await using server = await startServer()
    expect((await post(server.url, body)).status).toBe(status)
  })
})
