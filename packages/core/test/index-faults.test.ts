import { beforeEach, expect, test, vi } from 'vitest'
import type { BuildRecord } from '../src/types.ts'
import { openBuilds } from '../src/vault/builds.ts'
import { recordBytes, recordKey } from '../src/vault/records.ts'
import type { Store } from '../src/vault/store.ts'
import { createVault } from '../src/vault/vault.ts'
import { verifyVault } from '../src/vault/verify.ts'
import { memoryStore } from './memory-store.ts'

/** A request that fails once, or another process in between, hides no build from readers and no delivery from `flush`. */

const dayMs = 24 * 60 * 60 * 1000
const pending = { sentry: { state: 'pending' as const, at: '2026-11-21T10:00:00.000Z' } }
const delivered = { sentry: { state: 'delivered' as const, at: '2026-11-21T10:00:00.000Z' } }

let store: Store
beforeEach(() => {
  store = memoryStore()
  return () => vi.useRealTimers()
})

function recordOf(second: number, facts: Partial<BuildRecord> = {}): BuildRecord {
  const createdAt = `2026-11-21T10:00:0${second}.000Z`
  const blob = { sha256: '0'.repeat(64), size: 1, pack: 'p', offset: 0, length: 1, crc32: 0 }
  const files = [{ path: `${second}.js`, outDir: 'dist', debugId: `id-${second}`, code: blob }]
  const id = `${createdAt.replace(/[-:.]/g, '')}-00000000`
  return { id, version: 1, createdAt, files, deliveries: {}, ...facts }
}

/** As a version without an index wrote it. */
const putOld = (build: BuildRecord) => store.put(recordKey(build.id), recordBytes(build))

async function isFound(second: number): Promise<boolean> {
  for await (const _ of (await openBuilds(createVault(store))).withId(`id-${second}`, undefined)) return true
  return false
}

/** Whose requests for keys that begin with `prefix` fail. */
function without(operation: 'get' | 'put', prefix: string): Store {
  const { get, put, ...others } = store
  const check = async (called: string, key: string) => {
    if (called === operation && key.startsWith(prefix)) throw new Error(`no ${operation}`)
  }
  return {
    ...others,
    get: (key, range) => check('get', key).then(() => get(key, range)),
    put: (key, bytes) => check('put', key).then(() => put(key, bytes)),
  }
}

async function pendingIds(): Promise<string[]> {
  return (await createVault(store).pending()).map(({ id }) => id)
}

async function marks(): Promise<number> {
  return (await keysOf('pending/')).length
}

test('while builds of an older version cannot be added to the index, no newer one is', async () => {
  await putOld(recordOf(1))
  let isFirst = true
  const once: Store = {
    ...store,
    async put(key, bytes) {
      if (isFirst && key.startsWith('index/')) {
        isFirst = false
        throw new Error('no put')
      }
      await store.put(key, bytes)
    },
  }
  const vault = createVault(once)
  await expect(vault.record(recordOf(2))).rejects.toThrow('no put')
  expect(await isFound(1)).toBe(true)
  await vault.record(recordOf(2))
  expect([await isFound(1), await isFound(2)]).toEqual([true, true])
})

test('who cannot write to a vault of an older version can read it', async () => {
  await putOld(recordOf(1))
  store = without('put', '')
  expect(await isFound(1)).toBe(true)
})

test('a mark stays while its record cannot be read, however old it is', async () => {
  const build = recordOf(1, { deliveries: pending })
  await createVault(store).record(build)
  vi.useFakeTimers({ now: Date.now() + 2 * dayMs, toFake: ['Date'] })
  expect(await createVault(without('get', 'builds/')).pending()).toEqual([])
  expect(await pendingIds()).toEqual([build.id])
  await putOld({ ...build, deliveries: delivered })
  expect(await pendingIds()).toEqual([])
  expect(await marks(), 'of one that is delivered').toBe(0)
})

test('one process ends a delivery while another adds files that are to be delivered', async () => {
  const build = recordOf(1, { deliveries: pending })
  const first = createVault(store)
  await first.record(build)
  let isFirst = true
  const other = createVault({
    ...store,
    async put(key, bytes) {
      await store.put(key, bytes)
      if (!isFirst || !key.startsWith('index/')) return
      isFirst = false
      await first.amend(build.id, record => record && { ...record, deliveries: delivered })
    },
  })
  const files = [...build.files, ...recordOf(2).files]
  await other.amend(build.id, record => record && { ...record, files, deliveries: pending })
  expect((await first.find(build.id))?.deliveries).toEqual(pending)
  expect(await pendingIds()).toEqual([build.id])
  await other.amend(build.id, record => record && { ...record, deliveries: delivered })
  expect(await marks()).toBe(0)
})

test('a pack stays that an older version has added to a build in the index', async () => {
  const build = recordOf(1)
  const vault = createVault(store)
  await vault.record(build)
  await store.put('packs/p', Buffer.of(0))
  await store.put('packs/added', Buffer.of(0))
  await store.put('packs/nobodys', Buffer.of(0))
  const blob = { sha256: '1'.repeat(64), size: 1, pack: 'added', offset: 0, length: 1, crc32: 0 }
  const added = { path: 'added.js', outDir: 'dist', debugId: 'id-added', code: blob }
  await putOld({ ...build, files: [...build.files, added] })
  vi.useFakeTimers({ now: Date.now() + 2 * dayMs, toFake: ['Date'] })
  expect(await vault.prune(30)).toEqual([])
  expect(await keysOf('packs/')).toEqual(['packs/added', 'packs/p'])
})

test.each([
  ['cut off', (bytes: Buffer) => bytes.subarray(0, -1)],
  ['changed', (bytes: Buffer) => Buffer.from(bytes.map((byte, at) => (at === bytes.length - 1 ? byte ^ 1 : byte)))],
])('a part of the index that is %s is named, and made anew once it is deleted', async (_, damage) => {
  await createVault(store).record(recordOf(1))
  const [part = ''] = await keysOf('index/')
  await store.put(part, damage((await store.get(part)) as Buffer))
  await expect(isFound(1)).rejects.toThrow(`memory/${part} cannot be read as a part of the index`)
  const { problems } = await verifyVault(store)
  expect(problems).toMatchObject([
    {},
    { path: `memory/${part}`, message: expect.stringContaining('delete memory/index/') },
  ])
  await store.delete(part)
  expect(await isFound(1)).toBe(true)
})

async function keysOf(prefix: string): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of store.list(prefix)) keys.push(key)
  return keys
}
