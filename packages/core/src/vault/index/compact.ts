import { mapLimit } from '../../concurrency.ts'
import type { IndexedBuild } from '../../types.ts'
import { listAfter, readRecord, recordIdOf, recordKey } from '../records.ts'
import type { Store } from '../store.ts'
import { mergeTables } from './merge.ts'
import { largeBuilds, loadTable, type OpenTable } from './open-table.ts'
import { readTableKey, type Table, tableBytes, tableKey, tableOf } from './table.ts'

/** Parts of few builds that a reader has to open, at most. */
export const mostSmall = 8
/** A part of so many builds is merged no further: it would take too much memory. */
const mostBuilds = 16_384
/** Whatever writes a part of the index writes its record within this time. */
const graceMs = 24 * 60 * 60 * 1000
const parallel = 16

/** The parts of an index, and all builds in them. */
interface Compactable {
  tables: OpenTable[]
  builds(): IndexedBuild[]
}

/**
 * Merges the parts of the index, if there are many: small ones into one, and that, once it is large, into the smallest of the
 * large ones. So each build is merged again a few times at most, however many there are. Builds whose records are gone are left
 * out. Any number of processes may do this at the same time: a part is deleted only once all of it is in another.
 */
export async function compactIndex(store: Store, { tables, builds }: Compactable): Promise<void> {
  const sizes = tables.map(({ key }) => ({ key, count: readTableKey(key)?.count ?? 0 }))
  const small = sizes.filter(({ count }) => count < largeBuilds)
  if (small.length < mostSmall) return
  const total = small.reduce((sum, { count }) => sum + count, 0)
  const [large] = sizes
    .filter(({ count }) => count >= largeBuilds && count + total <= mostBuilds)
    .sort((one, other) => one.count - other.count)
  const keys = [...small, ...(large && total >= largeBuilds ? [large] : [])].map(({ key }) => key)
  const loaded = await mapLimit(keys, parallel, key => loadTable(store, key))
  // Another process merges them right now.
  if (loaded.includes(undefined)) return
  const inputs = loaded as Table[]
  const present = await recordsBetween(
    store,
    inputs.flatMap(table => table.builds),
  )
  const known = new Set(builds().map(({ id }) => id))
  const strays = await mapLimit(
    [...present].filter(id => !known.has(id)),
    parallel,
    async id => {
      const build = await readRecord(store, recordKey(id)).catch(() => undefined)
      return build && tableOf(build)
    },
  )
  const isKept = ({ id, at }: IndexedBuild) => present.has(id) || at > Date.now() - graceMs
  const merged = await mergeTables([...inputs, ...strays.filter(table => table !== undefined)], isKept)
  const bytes = tableBytes(merged)
  const key = tableKey(merged, bytes)
  await store.put(key, bytes)
  for (const merged of keys) if (merged !== key) await store.delete(merged)
}

/** IDs of the builds that there are from the oldest to the newest of some. */
export async function recordsBetween(store: Store, builds: IndexedBuild[]): Promise<Set<string>> {
  const ids = builds.map(({ id }) => id).sort()
  const [first = ''] = ids
  const last = ids.at(-1) ?? ''
  const present = new Set<string>()
  for await (const { key } of listAfter(store, 'builds/', `builds/${first}`)) {
    const id = recordIdOf(key)
    if (id !== undefined && id > last) break
    if (id !== undefined) present.add(id)
  }
  return present
}
