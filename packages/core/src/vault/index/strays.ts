import { mapLimit } from '../../concurrency.ts'
import { damageOf } from '../../errors.ts'
import { isPending, markPending } from '../pending-marks.ts'
import { listAfter, readRecord, recordIdOf, recordKey } from '../records.ts'
import { placeOf, type Store } from '../store.ts'
import { mergeTables } from './merge.ts'
import { type Table, tableBytes, tableKey, tableOf } from './table.ts'

/** Records that an older version of Mapseal wrote, which knows no index. */
export interface Strays {
  tables: Table[]
  /** IDs of builds with a pending delivery. */
  pending: string[]
  unreadable: { place: string; cause: unknown }[]
  /** Why the index has no part for them now. */
  failure?: { cause: unknown }
}

const parallel = 16
/** Tables of single builds that are held at a time. */
const batch = 256

/** Keys of the records that sort after the newest build in the index; of all, where there is none. IDs sort by time. */
export async function listStrays(store: Store, newest: string): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of listAfter(store, 'builds/', newest ? recordKey(newest) : ''))
    if (recordIdOf(key) !== undefined) keys.push(key)
  return keys
}

/** Reads such records, and writes a part of the index for them, if the store can be written. */
export async function readStrays(store: Store, newest: string): Promise<Strays> {
  const keys = await listStrays(store, newest)
  const found: Strays = { tables: [], pending: [], unreadable: [] }
  const parts: Table[] = []
  for (let at = 0; at < keys.length; at += batch) {
    const tables = await mapLimit(keys.slice(at, at + batch), parallel, key => tableAt(store, key, found))
    parts.push(
      await mergeTables(
        tables.flatMap(table => table ?? []),
        () => true,
      ),
    )
  }
  const merged = await mergeTables(parts, () => true)
  if (merged.builds.length === 0) return found
  found.tables.push(merged)
  // A vault that cannot be written can still be read.
  await adopt(store, merged, found.pending).catch(cause => {
    found.failure = { cause }
  })
  return found
}

async function adopt(store: Store, table: Table, pending: string[]): Promise<void> {
  const ids = new Set(table.builds.map(({ id }) => id))
  await mapLimit(
    pending.filter(id => ids.has(id)),
    parallel,
    id => markPending(store, id),
  )
  const bytes = tableBytes(table)
  await store.put(tableKey(table, bytes), bytes)
}

/** What else is known of a record goes to `found`. Records are large, so that few are in memory at a time. */
async function tableAt(store: Store, key: string, found: Strays): Promise<Table | undefined> {
  try {
    const build = await readRecord(store, key)
    if (!build) return undefined
    if (isPending(build)) found.pending.push(build.id)
    return tableOf(build)
  } catch (cause) {
    found.unreadable.push({ place: placeOf(store, key), cause: damageOf(cause) })
  }
  return undefined
}
