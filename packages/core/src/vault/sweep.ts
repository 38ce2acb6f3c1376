import { mapLimit } from '../concurrency.ts'
import type { IndexView } from './index/index.ts'
import { packKey, packsOf } from './pack-key.ts'
import { listRecords, readRecord, recordIdOf } from './records.ts'
import type { Store, StoredKey } from './store.ts'

/** A pack this young may belong to a build that has not written its record yet. */
const graceMs = 60 * 60 * 1000
/** By which clocks of machines that share a vault may differ. */
const skewMs = 60 * 60 * 1000
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
 * Deletes the packs that no record names and that are older than the grace. Another build may prune at the same time.
 *
 * The index says which packs a build needs, but a version without it may have added to a record since. So records that are not
 * older than what would go are read: a pack is there before any record names it.
 *
 * @throws DamagedError if one cannot be read, before anything is deleted
 */
export async function sweep(store: Store, { builds }: IndexView): Promise<void> {
  const stored = await listRecords(store)
  if (stored.length === 0) return
  const packsById = new Map(builds().map(({ id, packs }) => [id, packs]))
  const indexed = stored.map(({ key }) => packsById.get(recordIdOf(key) ?? ''))
  const kept = new Set(indexed.flatMap(packs => packs ?? []).map(packKey))
  const unnamed: StoredKey[] = []
  for await (const pack of store.list('packs/'))
    if (pack.modified.getTime() < Date.now() - graceMs && !kept.has(pack.key)) unnamed.push(pack)
  const oldest = Math.min(...unnamed.map(({ modified }) => modified.getTime())) - skewMs
  const unsure = stored.filter(({ modified }, index) => !indexed[index] || modified.getTime() >= oldest)
  const read = await mapLimit(unsure, parallel, ({ key }) => readRecord(store, key))
  for (const build of read) for (const pack of build ? packsOf(build) : []) kept.add(packKey(pack))
  const rest = unnamed.filter(({ key }) => !kept.has(key))
  await mapLimit(rest, parallel, ({ key }) => store.delete(key))
  if (stored.length >= fewBuilds) await store.put(sweptKey, Buffer.alloc(0))
}
