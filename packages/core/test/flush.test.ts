import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { withClient } from '../src/deliver/deliver.ts'
import type { Destination } from '../src/deliver/destination.ts'
import { flushVault, forgetPending } from '../src/deliver/flush.ts'
import { HttpError, MapsealError } from '../src/errors.ts'
import type { BuildRecord, Delivery, FileRecord, Vault } from '../src/types.ts'
import { openVault } from '../src/vault/locate.ts'
import { processName } from '../src/vault/process.ts'

let root: string
let vault: Vault
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'flush-'))
  vault = openVault('vault', root)
})
afterEach(() => rm(root, { recursive: true }))

const state = (state: Delivery['state']): Delivery => ({ state, at: '2026-01-01T00:00:00.000Z' })

async function build(
  id: string,
  deliveries: BuildRecord['deliveries'],
  facts: Partial<BuildRecord> = {},
): Promise<void> {
  const debugId = '11111111-2222-8333-8444-555555555555'
  const artifact = { path: `${id}.js`, debugId, code: Buffer.from(id), map: Buffer.from('{}') }
  const pack = vault.newPack()
  const files = [{ path: artifact.path, outDir: 'dist', debugId, ...(await pack.put(artifact)) }]
  await pack.commit()
  await vault.record({ id, version: 1, createdAt: '2026-01-01T00:00:00.000Z', files, deliveries, ...facts })
}

/** Takes what is not in `refused`, and notes it. */
function destination(name: string, refused: string[] = []): Destination & { taken: string[] } {
  const taken: string[] = []
  return {
    name,
    taken,
    async deliver(_build, artifacts) {
      let count = 0
      for await (const { path } of artifacts) {
        if (refused.includes(path)) throw new Error(`no ${path}`)
        taken.push(path)
        count += 1
      }
      return { artifacts: count }
    },
  }
}

/** Delivers after something else has happened. */
function slow(name: string, meanwhile: () => Promise<unknown>, fails = false): Destination {
  return {
    name,
    async deliver() {
      await meanwhile()
      if (fails) throw new Error('refused')
      return { artifacts: 1 }
    },
  }
}

/** As another process changes it. */
async function amend(id: string, change: Partial<BuildRecord>): Promise<void> {
  const other = openVault('vault', root)
  await other.record({ ...((await other.find(id)) as BuildRecord), ...change })
}

const logger = { info() {}, warn() {}, error() {} }
const flush = (...destinations: Destination[]) =>
  withClient(undefined, (fetch, signal) => flushVault({ vault, destinations, logger, fetch, signal }))
const states = async () =>
  Object.fromEntries(
    (await vault.records()).map(({ id, deliveries }) => [id, Object.values(deliveries).map(d => d.state)]),
  )

test('finishes what is pending, oldest first, and nothing else', async () => {
  await build('3', { a: state('delivered'), b: state('failed') })
  await build('1', { a: state('pending') })
  await build('2', { a: state('delivered') })
  const [a, b] = [destination('a'), destination('b')]
  expect((await flush(a, b)).builds.map(({ id }) => id)).toEqual(['1', '3'])
  expect([a.taken, b.taken]).toEqual([['1.js'], ['3.js']])
  expect(await states()).toEqual({ 1: ['delivered'], 2: ['delivered'], 3: ['delivered', 'delivered'] })
})

test('a second flush sends nothing', async () => {
  await build('1', { a: state('failed') })
  const a = destination('a')
  await flush(a)
  expect(await flush(a)).toEqual({ builds: [] })
  expect(a.taken).toEqual(['1.js'])
})

test('what a destination has acknowledged one by one is not sent again', async () => {
  await build('1', { a: state('pending') })
  const { files } = (await vault.find('1')) as BuildRecord
  const copies = ['2.js', '3.js'].map(path => ({ ...files[0], path }) as FileRecord)
  await amend('1', { files: [...files, ...copies] })
  const taken: string[] = []
  const a = (refused: string): Destination => ({
    name: 'a',
    async deliver(_build, artifacts, { onHeld }) {
      let count = 0
      for await (const artifact of artifacts) {
        if (artifact.path === refused) continue
        taken.push(artifact.path)
        onHeld?.(artifact)
        count += 1
      }
      if (taken.length === 2) throw new Error(`no ${refused}`)
      return { artifacts: count }
    },
  })
  await flush(a('2.js'))
  expect((await vault.find('1'))?.deliveries.a).toMatchObject({ state: 'failed', message: 'no 2.js' })
  await flush(a(''))
  expect(taken.sort()).toEqual(['1.js', '2.js', '3.js'])
  expect((await vault.find('1'))?.deliveries.a).toEqual({ state: 'delivered', at: expect.any(String), artifacts: 3 })
})

test('one build that is refused does not stop the others', async () => {
  await build('1', { a: state('pending') })
  await build('2', { a: state('pending') })
  await flush(destination('a', ['1.js']))
  expect(await states()).toEqual({ 1: ['failed'], 2: ['delivered'] })
  expect((await vault.records()).at(-1)?.deliveries.a?.message).toBe('no 1.js')
})

test('what is pending for a destination that is not configured stays pending, and is reported', async () => {
  await build('1', { gone: state('failed') })
  expect((await flush(destination('a'))).builds).toMatchObject([{ id: '1', deliveries: { gone: { state: 'failed' } } }])
})

test('no client is opened, and no listener left, where nothing is sent over HTTP', async () => {
  const before = process.listenerCount('SIGINT')
  let connected = 0
  const connect = async () => {
    connected += 1
    return {
      fetch: async () => ({ status: 200, header: () => undefined, text: '', json: () => ({}) }),
      close: async () => {},
    }
  }
  await withClient(connect, async () => {})
  expect([connected, process.listenerCount('SIGINT')]).toEqual([0, before])
  await withClient(connect, async fetch => {
    await fetch('http://127.0.0.1/')
    await fetch('http://127.0.0.1/')
  })
  expect(connected).toBe(1)
})

test('pending deliveries can be dropped: then nothing is pending, and the maps are still there', async () => {
  await build('1', { a: state('pending'), b: state('delivered') })
  await build('2', { a: state('failed'), b: state('failed') })
  await build('3', { a: state('delivered') })
  expect(await forgetPending(vault, ['a'])).toBe(2)
  expect(await states()).toEqual({ 1: ['delivered'], 2: ['failed'], 3: ['delivered'] })
  expect(await forgetPending(vault, ['a', 'b'])).toBe(1)
  expect((await flush(destination('a'), destination('b'))).builds).toEqual([])
  for (const record of await vault.records())
    for await (const { map } of vault.artifacts(record)) expect(`${map}`).toBe('{}')
})

test('an interruption is reported, and what was under way stays pending', async () => {
  await build('1', { a: state('pending') })
  const controller = new AbortController()
  const waiting: Destination = {
    name: 'a',
    deliver: (_build, _artifacts, { signal }) =>
      new Promise((_, fail) => {
        signal.addEventListener('abort', () => fail(signal.reason))
        controller.abort(new MapsealError('deliver', 'Interrupted by SIGTERM.'))
      }),
  }
  const warnings: string[] = []
  const fetch = () => Promise.reject(new Error('not used'))
  const { signal } = controller
  await flushVault({
    vault,
    destinations: [waiting],
    logger: { ...logger, warn: line => warnings.push(line) },
    fetch,
    signal,
  })
  expect(warnings).toEqual(['[mapseal] [deliver] Interrupted by SIGTERM. Run `npx mapseal flush` to finish.'])
  expect(await states()).toEqual({ 1: ['pending'] })
})

describe('what another process did while a delivery was under way stays', () => {
  test('another delivery, and the rest of the record', async () => {
    await build('1', { a: state('pending'), b: state('pending') })
    await flush(
      slow('a', () => amend('1', { deliveries: { a: state('pending'), b: state('delivered') }, project: 'x' })),
    )
    expect(await states()).toEqual({ 1: ['delivered', 'delivered'] })
    expect((await vault.find('1'))?.project).toBe('x')
  })

  test('the same delivery, though this one failed', async () => {
    await build('1', { a: state('pending') })
    await flush(slow('a', () => amend('1', { deliveries: { a: state('delivered') } }), true))
    expect(await states()).toEqual({ 1: ['delivered'] })
  })

  test('that it was given up, unless it is delivered after all', async () => {
    await build('1', { a: state('pending'), b: state('pending') })
    const forget = (name: string) => () => forgetPending(openVault('vault', root), [name])
    await flush(slow('a', forget('a'), true))
    await flush(slow('b', forget('b')))
    expect((await vault.find('1'))?.deliveries).toMatchObject({ b: { state: 'delivered' } })
    expect(await states()).toEqual({ 1: ['delivered'] })
  })

  test('that it was pruned: it is not brought back', async () => {
    await build('1', { a: state('pending') })
    const report = await flush(slow('a', () => rm(join(vault.location, 'builds/1.json'))))
    expect(report.builds).toMatchObject([{ id: '1', deliveries: { a: { state: 'delivered' } } }])
    expect(await vault.records()).toEqual([])
  })

  test('what was delivered, given up or pruned before its turn came is not sent', async () => {
    for (const id of ['1', '2', '3', '4']) await build(id, { a: state('pending') })
    const sent: string[] = []
    const a: Destination = {
      name: 'a',
      async deliver({ id }) {
        sent.push(id)
        await amend('2', { deliveries: { a: state('delivered') } })
        await amend('3', { deliveries: {} })
        await rm(join(vault.location, 'builds/4.json'))
        return { artifacts: 1 }
      },
    }
    expect((await flush(a)).builds.map(({ id }) => id)).toEqual(['1'])
    expect(sent).toEqual(['1'])
  })
})

describe('a build that was not finished', () => {
  const open = (pid: number, createdAt = new Date().toISOString()) =>
    ({ state: 'open', createdAt, openedBy: processName().replace(/^\d+/, `${pid}`) }) as const
  const gone = 999_999_999

  async function warnings(...destinations: Destination[]): Promise<string[]> {
    const lines: string[] = []
    const to = { ...logger, warn: (line: string) => void lines.push(line) }
    await withClient(undefined, (fetch, signal) => flushVault({ vault, destinations, logger: to, fetch, signal }))
    return lines
  }

  test('is passed over while its process runs, and said to be', async () => {
    await build('1', { a: state('pending') }, open(process.pid))
    const a = destination('a')
    expect(await warnings(a)).toEqual([
      `[mapseal] [flush] Build 1 was passed over: its process (${processName()}) is still running.`,
    ])
    expect(await flush(a)).toEqual({ builds: [], running: ['1'] })
    expect([a.taken, await states()]).toEqual([[], { 1: ['pending'] }])
  })

  test('is delivered once its process is gone, and said to be', async () => {
    await build('1', { a: state('pending') }, open(gone))
    await build('2', { a: state('pending') }, { ...open(gone), state: 'failed' })
    await build('3', { a: state('pending') }, { state: 'open', openedBy: `${process.pid}.elsewhere` })
    const a = destination('a')
    expect(await warnings(a)).toEqual([
      expect.stringMatching(
        /^\[mapseal\] \[flush\] Build 1 was not finished: its process \(999999999\..*\) ended before/,
      ),
      '[mapseal] [flush] Build 2 was not finished: it failed. What it had stored by then is delivered.',
      expect.stringContaining(`Build 3 was not finished: its process (${process.pid}.elsewhere) ended before it did.`),
    ])
    expect(a.taken).toEqual(['1.js', '2.js', '3.js'])
    expect((await vault.find('1'))?.state).toBe('open')
  })

  test('is delivered after a day, when another process has its ID', async () => {
    const yesterday = new Date(Date.now() - 25 * 3_600_000).toISOString()
    await build('1', { a: state('pending') }, open(process.pid, yesterday))
    await flush(destination('a'))
    expect(await states()).toEqual({ 1: ['delivered'] })
  })

  test('is not mentioned where nothing of it is pending', async () => {
    await build('1', { a: state('delivered') }, open(gone))
    expect(await warnings(destination('a'))).toEqual([])
  })
})

describe('a destination that can take nothing', () => {
  const failing = (name: string, cause: Error): Destination & { tries: number } => ({
    name,
    tries: 0,
    async deliver() {
      this.tries += 1
      throw cause
    },
  })

  test.each([
    ['cannot be reached', new HttpError('no answer')],
    ['refuses the token', new HttpError('answered 401', { status: 401 })],
    ['refuses it for good', new HttpError('answered 403', { status: 403 })],
  ])('since it %s is tried once, and others go on', async (_, cause) => {
    for (const id of ['1', '2', '3']) await build(id, { a: state('pending'), b: state('pending') })
    const [a, b] = [failing('a', cause), destination('b')]
    const { stopped } = await flush(a, b)
    expect([a.tries, b.taken]).toEqual([1, ['1.js', '2.js', '3.js']])
    expect(stopped).toEqual([{ destination: 'a', message: expect.stringMatching(/answer/), waiting: ['2', '3'] }])
    expect(await states()).toEqual({
      1: ['failed', 'delivered'],
      2: ['pending', 'delivered'],
      3: ['pending', 'delivered'],
    })
  })

  test('since it lacks a token is not tried at all', async () => {
    await build('1', { a: state('pending') })
    const a = { ...failing('a', new Error('unexpected')), lacks: async () => 'No token. Set A_TOKEN.' }
    expect(await flush(a)).toMatchObject({
      stopped: [{ destination: 'a', message: 'No token. Set A_TOKEN.', waiting: ['1'] }],
    })
    expect([a.tries, await states()]).toEqual([0, { 1: ['pending'] }])
  })

  test('of one build alone is tried with the next', async () => {
    for (const id of ['1', '2']) await build(id, { a: state('pending') })
    const a = failing('a', new HttpError('answered 422', { status: 422 }))
    expect((await flush(a)).stopped).toBeUndefined()
    expect(a.tries).toBe(2)
  })
})
