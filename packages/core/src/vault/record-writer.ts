import type { BuildRecord, FileRecord, Vault } from '../types.ts'
import type { StoredIndex } from './index/index.ts'
import { appOf } from './index/keys.ts'
import { isPending, markPending } from './pending-marks.ts'
import { recordBytes, recordKey, recordOf } from './records.ts'
import type { Store } from './store.ts'

/**
 * Writes records, and before each whatever it is found by: its part of the index, and a mark where a delivery is pending. So
 * there may be more in the index than in the records, and never less.
 */
export function createRecordWriter(store: Store, index: StoredIndex): { put: Vault['record']; amend: Vault['amend'] } {
  /** Keys of the marks that this process made and of which the record was then written, by the ID of the build. */
  const marks = new Map<string, string[]>()

  const marksOf = (id: string) => marks.get(id) ?? []
  const register = (id: string, mark: string) => marks.set(id, [...marksOf(id), mark])

  /** Deletes marks; one that stays only costs a look at the record. */
  async function unmark(id: string, old: string[]): Promise<void> {
    marks.set(
      id,
      marksOf(id).filter(mark => !old.includes(mark)),
    )
    if (marksOf(id).length === 0) marks.delete(id)
    await Promise.all(old.map(key => store.delete(key).catch(() => {})))
  }

  return {
    async put(build) {
      const old = marksOf(build.id)
      const [mark] = await Promise.all([isPending(build) ? markPending(store, build.id) : undefined, index.add(build)])
      await store.put(recordKey(build.id), recordBytes(build))
      if (mark === undefined) await unmark(build.id, old)
      else register(build.id, mark)
    },

    async amend(id, change) {
      const key = recordKey(id)
      /** What the index was last told; another process may have changed the record since, and with it the result. */
      let indexed: BuildRecord | undefined
      let mark: string | undefined
      for (;;) {
        let after: BuildRecord | undefined
        let isIndexed = true
        let isMarked = true
        let old: string[] = []
        await store.update(key, json => {
          const before = recordOf(store, key, json)
          after = change(before)
          // Only those whose deliveries are in `before`: another call may mark the build right now.
          old = after && !isPending(after) ? marksOf(id) : []
          isIndexed = isMarked = true
          if (!after || after === before) return undefined
          isIndexed = !hasMore(after, before) || (indexed !== undefined && !hasMore(after, indexed))
          isMarked = !isPending(after) || mark !== undefined || (before !== undefined && isPending(before))
          return isIndexed && isMarked ? recordBytes(after) : undefined
        })
        if (after && !isMarked) mark = await markPending(store, id)
        if (after && !isIndexed) {
          await index.add(after)
          indexed = after
        }
        if (!isIndexed || !isMarked) continue
        if (mark !== undefined && after && isPending(after)) register(id, mark)
        else await unmark(id, mark === undefined ? old : [...old, mark])
        return after
      }
    },
  }
}

/** Whether it is found by more than before. */
function hasMore(build: BuildRecord, before: BuildRecord | undefined): boolean {
  if (!before) return true
  const isOfOther = build.release?.name !== before.release?.name || build.release?.dist !== before.release?.dist
  if (isOfOther) return true
  if (build.files === before.files) return false
  const known = new Set(before.files.map(placeOf))
  return build.files.some(file => !known.has(placeOf(file))) || appOf(build) !== appOf(before)
}

/** What the index says of a file. */
function placeOf({ path, debugId, code, map }: FileRecord): string {
  return [path, debugId, code.pack, map?.pack].join('\0')
}
