import { mapLimit } from '../concurrency.ts'
import type { BuildRecord } from '../types.ts'
import type { IndexView } from './index/index.ts'
import { packKey } from './pack-key.ts'
import { listRecords, readRecord, recordIdOf } from './records.ts'
import type { Store } from './store.ts'

/** A pack this young may belong to a build that has not written its record yet. */
const graceMs = 60 * 60 * 1000
/** With more builds, all of them are not listed each time. */
const fewBuilds = 1000
const dayMs = 24 * 60 * 60 * 1000
const parallel = 16

/** Holds nothing; its age is that of the last sweep. */
const sweptPrefix = 'swept/'
const sweptKey = `${sweptPrefix}packs`

export async function isSweepDue(store: Store, { builds }: IndexView): Promise<boolean> {
  if (builds().length < fewBuilds) return true
  for await (const { modified } of store.list(sweptPrefix)) return modified.getTime() < Date.now() - dayMs
  return true
}

/**
 * Deletes the packs that no record names and that are older than the grace. The index says which packs a build needs, and never
 * less than its record; a record that is not in the index is read. Another build may prune at the same time.
 *
 * @throws SyntaxError if one cannot be read, before anything is deleted
 */
export async function sweep(store: Store, { builds }: IndexView): Promise<void> {
  const stored = await listRecords(store)
  if (stored.length === 0) return
  const packsById = new Map(builds().map(({ id, packs }) => [id, packs]))
  const named = await mapLimit(stored, parallel, async ({ key }) => {
    const packs = packsById.get(recordIdOf(key) ?? '')
    return packs ?? packsOf(await readRecord(store, key))
  })
  const kept = new Set(named.flat().map(packKey))
  const unnamed: string[] = []
  for await (const { key, modified } of store.list('packs/'))
    if (modified.getTime() < Date.now() - graceMs && !kept.has(key)) unnamed.push(key)
  await mapLimit(unnamed, parallel, key => store.delete(key))
  if (stored.length >= fewBuilds) await store.put(sweptKey, Buffer.alloc(0))
}

function packsOf(build: BuildRecord | undefined): string[] {
  return (build?.files ?? []).flatMap(({ code, map }) => (map ? [code.pack, map.pack] : [code.pack]))
}
