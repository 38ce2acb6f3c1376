import type { BuildRecord } from '../types.ts'
import type { StoredIndex } from './index/index.ts'
import { listRecords, readRecord, recordKey } from './records.ts'
import type { Store } from './store.ts'

/** Undefined if there is none, or if it cannot be read, which pruning reports. */
export async function newestRecord(store: Store, index: StoredIndex): Promise<BuildRecord | undefined> {
  const id = await index.newest()
  return id === undefined ? undefined : ((await readIfReadable(store, recordKey(id))) ?? newestOfAll(store))
}

/** Where the newest in the index was forgotten, or never recorded. */
async function newestOfAll(store: Store): Promise<BuildRecord | undefined> {
  const [newest] = await listRecords(store)
  return newest && readIfReadable(store, newest.key)
}

function readIfReadable(store: Store, key: string): Promise<BuildRecord | undefined> {
  return readRecord(store, key).catch(() => undefined)
}
