import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { BuildRecord, Vault } from '../src/types.ts'
import { processName } from '../src/vault/process.ts'
import type { Store } from '../src/vault/store.ts'
import { createVault } from '../src/vault/vault.ts'
import { memoryStore } from './memory-store.ts'
import { artifact } from './vault-contract.ts'

/** What is kept of many builds, by a clock of the test. */

const dayMs = 24 * 60 * 60 * 1000
let store: Store
let vault: Vault
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-11-21T10:00:00Z') })
  store = memoryStore()
  vault = createVault(store)
})
afterEach(() => void vi.useRealTimers())

const pass = (days: number) => void vi.setSystemTime(Date.now() + days * dayMs)
const ids = async () => (await vault.records()).map(({ id }) => id.replace(/^.*-/, '')).reverse()

/** A build of now. */
async function build(name: string, facts: Partial<BuildRecord> = {}, outDir = 'dist'): Promise<BuildRecord> {
  const createdAt = new Date().toISOString()
  const pack = vault.newPack()
  const { path, debugId } = artifact(name)
  const files = [{ path, outDir, debugId, ...(await pack.put(artifact(name))) }]
  await pack.commit()
  const id = `${createdAt.replace(/[-:.]/g, '')}-${name}`
  const record: BuildRecord = { id, version: 1, createdAt, files, deliveries: {}, ...facts }
  await vault.record(record)
  return record
}

async function packs(): Promise<number> {
  let count = 0
  for await (const _ of store.list('packs/')) count += 1
  return count
}

test('the newest builds of each app are kept: of a project and its output folders', async () => {
  for (const name of ['1', '2', '3']) {
    await build(`shop${name}`, { project: 'shop' })
    await build(`web${name}`, { project: 'web' })
    await build(`server${name}`, { project: 'web' }, 'dist/server')
    await build(`old${name}`)
    pass(1)
  }
  pass(8)
  expect(await vault.prune(2)).toEqual([])
  const kept = ['2', '3'].flatMap(name => [`shop${name}`, `web${name}`, `server${name}`, `old${name}`])
  expect((await ids()).sort()).toEqual(kept.sort())
  expect(await packs()).toBe(kept.length)
})

test('no build that is younger than a week is forgotten, however many there are', async () => {
  await build('deployed')
  pass(2)
  for (let count = 0; count < 30; count++) await build(`ci${count}`)
  pass(4)
  await vault.prune(1)
  expect(await ids()).toHaveLength(31)
  pass(1.5)
  await vault.prune(1)
  expect(await ids()).toHaveLength(30)
  expect(await ids()).not.toContain('deployed')
})

test('the build that prunes is kept', async () => {
  const first = await build('first')
  pass(1)
  await build('second')
  pass(9)
  await vault.prune(1, { caller: first.id })
  expect(await ids()).toEqual(['first', 'second'])
  await vault.prune(1)
  expect(await ids()).toEqual(['second'])
})

test('uploads are pruned by their server alone, and it prunes nothing else', async () => {
  for (const name of ['1', '2', '3']) {
    await build(`built${name}`)
    await build(`uploaded${name}`, { projects: ['web'] }, name)
  }
  expect(await vault.prune(1, { uploads: true })).toEqual([])
  expect((await ids()).sort()).toEqual(['built1', 'built2', 'built3', 'uploaded3'])
  pass(9)
  await build('uploaded4', { projects: ['web'] })
  await vault.prune(1)
  expect((await ids()).sort()).toEqual(['built3', 'uploaded3', 'uploaded4'])
})

test('a build whose process runs is kept, and one whose process is gone is not', async () => {
  await build('gone', { state: 'open', openedBy: processName().replace(/^\d+/, '999999999') })
  await build('running', { state: 'open', openedBy: processName() })
  pass(1)
  await build('newest', { state: 'open', openedBy: '1.elsewhere' })
  pass(9)
  await vault.prune(1)
  expect(await ids()).toEqual(['running', 'newest'])
})

test('builds that failed push out none that finished', async () => {
  await build('deployed')
  for (const name of ['1', '2', '3']) {
    pass(1)
    await build(`failed${name}`, { state: 'failed' })
  }
  pass(9)
  await vault.prune(1)
  expect(await ids()).toEqual(['deployed', 'failed3'])
})

test('a pending delivery keeps a build, open or not, and it does not count', async () => {
  const pending = { deliveries: { sentry: { state: 'pending' as const, at: '2026-11-21T10:00:00.000Z' } } }
  await build('first')
  pass(1)
  await build('open', { state: 'open', openedBy: '1.elsewhere', ...pending })
  await build('later', pending)
  pass(9)
  await vault.prune(1)
  expect((await ids()).sort()).toEqual(['first', 'later', 'open'])
})

test('a clock that goes back loses nothing: not its own builds, and not those of before', async () => {
  const truth = Date.now()
  for (const name of ['1', '2', '3']) await build(`before${name}`)
  pass(-300)
  const back = await build('back1')
  await vault.prune(1, { caller: back.id })
  await build('back2')
  await vault.prune(1)
  expect(await ids()).toHaveLength(5)

  // Those of a clock that ran ahead do not count, as they would for ever be the newest.
  vi.setSystemTime(truth)
  store = memoryStore()
  vault = createVault(store)
  pass(400)
  for (const name of ['1', '2']) await build(`ahead${name}`)
  vi.setSystemTime(truth)
  await build('right')
  pass(30)
  await vault.prune(1)
  expect(await ids()).toEqual(['right', 'ahead1', 'ahead2'])
})

test('a clock that jumps ahead forgets nothing that is younger than a week', async () => {
  for (const name of ['1', '2', '3', '4', '5']) {
    await build(name)
    pass(1)
  }
  pass(400)
  for (const name of ['ahead1', 'ahead2']) {
    const { id } = await build(name)
    await vault.prune(3, { caller: id })
  }
  expect(await ids()).toEqual(['1', '2', '3', '4', '5', 'ahead1', 'ahead2'])
})

test('the clock of the store counts too: a build by a wrong clock is not forgotten at once', async () => {
  pass(-300)
  const { id } = await build('wrong')
  pass(300)
  await store.put(`builds/${id}.json`, (await store.get(`builds/${id}.json`)) as Buffer)
  for (const name of ['1', '2']) await build(name)
  await vault.prune(1)
  expect(await ids()).toContain('wrong')
})

test('a build whose time cannot be read is not forgotten', async () => {
  await build('timeless', { createdAt: 'yesterday' })
  pass(9)
  for (const name of ['1', '2']) await build(name)
  pass(9)
  await vault.prune(1)
  expect(await ids()).toEqual(expect.arrayContaining(['timeless', '2']))
})

test('which build a command adds to is known for a week, if there are such builds', async () => {
  const commands = async () => {
    const keys: string[] = []
    for await (const { key } of store.list('commands/')) keys.push(key)
    return keys.length
  }
  const { id } = await build('1', { command: 'ci' })
  expect(await vault.claim('ci', id)).toBe(id)
  expect(await vault.claim('ci', 'other')).toBe(id)
  pass(6)
  await vault.prune(1)
  expect(await commands()).toBe(1)
  expect(await vault.claim('ci', 'other', id)).toBe('other')
  pass(8)
  await vault.prune(1)
  expect([await commands(), await vault.claim('ci', 'third')]).toEqual([0, 'third'])
})

test('what a prune fails at is said, not thrown, and deletes no pack', async () => {
  await build('old')
  pass(9)
  await build('new')
  const refused = async (): Promise<never> => {
    throw new Error('EACCES: permission denied')
  }
  expect(await createVault({ ...store, delete: refused }).prune(1)).toEqual([
    '[mapseal] [vault] Old builds were not pruned: EACCES: permission denied',
  ])
  const unlisted = { [Symbol.asyncIterator]: () => ({ next: refused }) }
  expect(await createVault({ ...store, list: () => unlisted }).prune(1)).toHaveLength(1)
  expect([(await ids()).length, await packs()]).toEqual([2, 2])
})
