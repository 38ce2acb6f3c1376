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
  /** Keys of the marks that this process made, by the ID of the build. */
  const marks = new Map<string, string[]>()

  /** @param before the record as it is stored */
  async function prepare(build: BuildRecord, before: BuildRecord | undefined): Promise<void> {
    const isNew = !before || hasMore(build, before)
    const isMarked = before && isPending(before)
    const [mark] = await Promise.all([
      isPending(build) && !isMarked ? markPending(store, build.id) : undefined,
      isNew ? index.add(build) : undefined,
    ])
    if (mark !== undefined) marks.set(build.id, [...(marks.get(build.id) ?? []), mark])
  }

  async function unmark(build: BuildRecord): Promise<void> {
    const own = marks.get(build.id) ?? []
    if (own.length === 0 || isPending(build)) return
    marks.delete(build.id)
    await Promise.all(own.map(key => store.delete(key)))
  }

  return {
    async put(build) {
      await prepare(build, undefined)
      await store.put(recordKey(build.id), recordBytes(build))
      await unmark(build)
    },

    async amend(id, change) {
      const key = recordKey(id)
      /** What was last prepared; another process may have changed the record since, and with it the result. */
      let prepared: BuildRecord | undefined
      for (;;) {
        let before: BuildRecord | undefined
        let after: BuildRecord | undefined
        let isPrepared = true
        await store.update(key, json => {
          before = recordOf(store, key, json)
          after = change(before)
          if (!after || after === before) return undefined
          isPrepared = !needsMore(after, before) || (prepared !== undefined && !needsMore(after, prepared))
          return isPrepared ? recordBytes(after) : undefined
        })
        if (isPrepared || !after) {
          if (after) await unmark(after)
          return after
        }
        await prepare(after, before)
        prepared = after
      }
    },
  }
}

function needsMore(build: BuildRecord, before: BuildRecord | undefined): boolean {
  return !before || hasMore(build, before) || (isPending(build) && !isPending(before))
}

/** Whether it is found by more than before. */
function hasMore(build: BuildRecord, before: BuildRecord): boolean {
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
