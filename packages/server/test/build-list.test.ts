import { mkdtemp, rm, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BuildRecord, createVault, folderStore, recordKey, type Store } from '@mapseal/core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createBuildIndex } from '../src/builds/index.ts'
import { createBuildList } from '../src/page/build-list.ts'

/** Records are large, and few change: of a list that was shown before, only those that changed since are read again. */

let dir: string
let store: Store
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'mapseal-list-'))
  store = folderStore(dir)
})
afterEach(() => rm(dir, { recursive: true }))

const idOf = (second: number) => `20261121T1015${String(second).padStart(2, '0')}123Z-00000000`

async function write(second: number, facts: Partial<BuildRecord> = {}): Promise<void> {
  const build: BuildRecord = {
    id: idOf(second),
    version: 1,
    createdAt: '2026-11-21T10:15:00.123Z',
    files: [],
    deliveries: {},
  }
  await createVault(store).record({ ...build, ...facts })
}

/** As if its record had been written so many seconds ago. */
async function age(second: number, seconds: number): Promise<void> {
  const time = Date.now() / 1000 - seconds
  await utimes(join(dir, recordKey(idOf(second))), time, time)
}

function open() {
  const vault = createVault(store)
  const read: string[] = []
  const find: typeof vault.find = (id, ...rest) => {
    read.push(id)
    return vault.find(id, ...rest)
  }
  const list = createBuildList(store, { find }, createBuildIndex(store))
  return { list, taken: () => read.splice(0).sort() }
}

test('only what changed is read again', async () => {
  for (const second of [1, 2, 3]) await write(second)
  for (const second of [1, 2]) await age(second, 600)
  const { list, taken } = open()
  const first = await list.newest(3)
  expect(first.builds.map(({ id }) => id)).toEqual([3, 2, 1].map(idOf))
  expect(taken()).toEqual([1, 2, 3].map(idOf))
  // The last one was written just now, and could change within the same second.
  expect(await list.newest(3)).toEqual(first)
  expect(taken()).toEqual([3].map(idOf))

  await write(2, { deliveries: { sentry: { state: 'delivered', at: '2026-11-21T10:16:00.000Z' } } })
  expect((await list.newest(3)).builds[1]?.deliveries).toMatchObject([{ name: 'sentry', state: 'delivered' }])
  expect(taken()).toEqual([2, 3].map(idOf))
})

test('a time that only seems to differ is not a change', async () => {
  await write(1)
  await age(1, 600)
  const { list, taken } = open()
  await list.newest(1)
  await age(1, 601)
  await list.newest(1)
  expect(taken()).toEqual([idOf(1)])
})

test('older builds take the place of those that were forgotten', async () => {
  for (const second of [1, 2, 3, 4]) await write(second)
  for (const second of [2, 4]) await store.delete(recordKey(idOf(second)))
  const { list } = open()
  expect(await list.newest(2)).toMatchObject({ builds: [{ id: idOf(3) }, { id: idOf(1) }] })
  expect(await list.newest(9)).toMatchObject({ total: 2, builds: [{ id: idOf(3) }, { id: idOf(1) }] })
})

test('what a destination already holds of a failed delivery is not part of a summary', async () => {
  await write(1, { deliveries: { sentry: { state: 'failed', at: '2026-11-21T10:16:00.000Z', held: ['a', 'b'] } } })
  const { builds } = await open().list.newest(1)
  expect(builds[0]?.deliveries).toEqual([{ name: 'sentry', state: 'failed', at: '2026-11-21T10:16:00.000Z' }])
})
