import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { BuildRecord } from '../src/types.ts'
import { openBuilds } from '../src/vault/builds.ts'
import type { Store } from '../src/vault/store.ts'
import { createVault } from '../src/vault/vault.ts'
import { memoryStore } from './memory-store.ts'

/**
 * Several processes write, merge and read one index, in a store that answers late and sometimes fails. Their history is checked:
 * what was acknowledged before a reader began is found by it, and by all that come later.
 */

/** Numbers from a seed, each below 1. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

class Fault extends Error {}

/** Each request takes a few turns, and of a hundred some fail, before or after they had their effect. */
function unsteady(store: Store, next: () => number, faults: number): Store {
  async function late<Result>(work: () => Promise<Result>): Promise<Result> {
    for (let turns = Math.floor(next() * 4); turns > 0; turns--) await turn()
    const fate = next()
    if (fate < faults / 2) throw new Fault('lost on its way')
    const result = await work()
    for (let turns = Math.floor(next() * 4); turns > 0; turns--) await turn()
    if (fate < faults) throw new Fault('the answer was lost')
    return result
  }
  return {
    ...store,
    get: (key, range) => late(() => store.get(key, range)),
    put: (key, bytes) => late(() => store.put(key, bytes)),
    update: (key, change) => late(() => store.update(key, change)),
    delete: key => late(() => store.delete(key)),
    async *list(prefix, after) {
      yield* await late(async () => {
        const keys = []
        for await (const stored of store.list(prefix, after)) keys.push(stored)
        return keys
      })
    },
  }
}

async function unlessFault<Result>(work: Promise<Result>): Promise<Result | undefined> {
  return work.catch(cause => {
    if (cause instanceof Fault) return undefined
    throw cause
  })
}

function recordOf(writer: number, count: number): BuildRecord {
  const time = new Date(Date.parse('2026-11-21T10:00:00Z') + count * 1000 + writer).toISOString()
  const name = `w${writer}-${count}`
  const blob = { sha256: '0'.repeat(64), size: 1, pack: 'p', offset: 0, length: 1, crc32: 0 }
  const files = [{ path: `${name}.js`, outDir: 'dist', debugId: name, code: blob }]
  const id = `${time.replace(/[-:.]/g, '')}-${name}`
  return { id, version: 1, createdAt: time, files, deliveries: {} }
}

async function isFound(store: Store, debugId: string): Promise<boolean> {
  for await (const _ of (await openBuilds(createVault(store))).withId(debugId, undefined)) return true
  return false
}

async function history(seed: number, faults: number): Promise<{ acknowledged: number; looked: number }> {
  const bare = memoryStore()
  const next = random(seed)
  const acknowledged: string[] = []
  let writing = 4
  let looked = 0

  async function write(writer: number): Promise<void> {
    for (let count = 0; count < 20; count++) {
      const vault = createVault(unsteady(bare, next, faults))
      const record = recordOf(writer, count)
      const isWritten = await unlessFault(vault.record(record).then(() => true))
      const more = [...record.files, { ...(record.files[0] as (typeof record.files)[0]), debugId: `${record.id} more` }]
      const amended = isWritten && unlessFault(vault.amend(record.id, build => build && { ...build, files: more }))
      if (isWritten) acknowledged.push(record.files[0]?.debugId as string)
      if (await amended) acknowledged.push(`${record.id} more`)
      // It reports what failed, and never throws.
      await vault.prune(1000, { caller: record.id })
    }
    writing -= 1
  }

  async function look(): Promise<void> {
    while (writing > 0) {
      const wanted = acknowledged[Math.floor(next() * acknowledged.length)]
      if (wanted === undefined) await turn()
      else {
        const found = await unlessFault(isFound(unsteady(bare, next, faults), wanted))
        expect(found, `seed ${seed}: ${wanted}`).not.toBe(false)
        looked += 1
      }
    }
  }

  await Promise.all([write(0), write(1), write(2), write(3), look(), look()])
  const vault = createVault(bare)
  expect(await vault.prune(1000)).toEqual([])
  const builds = await openBuilds(createVault(bare))
  for (const debugId of acknowledged) {
    const found: string[] = []
    for await (const { id } of builds.withId(debugId, undefined)) found.push(id)
    expect(found, `seed ${seed}: ${debugId}`).toHaveLength(1)
  }
  return { acknowledged: acknowledged.length, looked }
}

test.each([1, 2, 3])('seed %i: without faults, all is acknowledged and found', async seed => {
  const { acknowledged, looked } = await history(seed, 0)
  expect(acknowledged).toBe(4 * 20 * 2)
  expect(looked).toBeGreaterThan(0)
})

test.each([4, 5, 6])('seed %i: where requests fail, what was acknowledged is found', async seed => {
  const { acknowledged, looked } = await history(seed, 0.03)
  expect(acknowledged).toBeGreaterThan(50)
  expect(looked).toBeGreaterThan(0)
})
