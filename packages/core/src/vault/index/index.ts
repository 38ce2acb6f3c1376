import { mapLimit } from '../../concurrency.ts'
import type { BuildIndex, BuildRecord, IndexedBuild } from '../../types.ts'
import { recordIdOf } from '../records.ts'
import type { Store } from '../store.ts'
import { compactIndex, mostSmall } from './compact.ts'
import { keyHash } from './keys.ts'
import { joinBuilds } from './merge.ts'
import { type OpenTable, openTable, tableInMemory } from './open-table.ts'
import { listStrays, readStrays, type Strays } from './strays.ts'
import { newestOf, readTableKey, type TableName, tableBytes, tableKey, tableOf, tablePrefix } from './table.ts'

/** What a snapshot knows besides what its readers need. */
export interface IndexView extends BuildIndex, Pick<Strays, 'pending' | 'unreadable' | 'failure'> {
  tables: OpenTable[]
}

export interface StoredIndex {
  /** The ID of the newest build, which may have been forgotten since; undefined if there never was one. */
  newest(): Promise<string | undefined>
  /** Writes what a build is found by. To be called before the record is written, so that no record is without. */
  add(build: BuildRecord): Promise<void>
  /** The index as it is now: one request to list it, one for builds of older versions, and one for each new part. */
  read(): Promise<IndexView>
}

const parallel = 16
/** Whoever merges parts writes the new one first, so that a reader who finds one gone has only to look again. */
const tries = 10

export function createStoredIndex(store: Store): StoredIndex {
  let opened = new Map<string, OpenTable>()

  /** Whether it has been seen that all builds are in the index. */
  let isWhole = false
  let failure: { cause: unknown } | undefined
  /** Builds that this process has added. */
  let added = 0

  async function newest(): Promise<string | undefined> {
    const indexed = newestOf((await listTables()).map(({ newest }) => newest))
    const [last] = (await listStrays(store, indexed)).slice(-1)
    failure = last === undefined ? undefined : (await read()).failure
    isWhole = failure === undefined
    return (last && recordIdOf(last)) || indexed || undefined
  }

  async function listTables(): Promise<TableName[]> {
    const names: TableName[] = []
    for await (const { key } of store.list(tablePrefix)) {
      const name = readTableKey(key)
      if (name) names.push(name)
    }
    return names
  }

  /** All of the parts, or undefined if one has been merged into another meanwhile. */
  async function openAll(names: TableName[]): Promise<OpenTable[] | undefined> {
    const tables = await mapLimit(names, parallel, async ({ key }) => opened.get(key) ?? openTable(store, key))
    const found = tables.filter(table => table !== undefined)
    opened = new Map(found.map(table => [table.key, table]))
    return found.length === names.length ? found : undefined
  }

  async function readTables(listed: TableName[]): Promise<OpenTable[]> {
    let names = listed
    for (let left = tries; left > 0; left--) {
      const tables = await openAll(names)
      if (tables) return tables
      names = await listTables()
    }
    throw new Error(`the index in ${store.location} changes faster than it can be read`)
  }

  async function read(): Promise<IndexView> {
    const names = await listTables()
    const indexed = newestOf(names.map(({ newest }) => newest))
    const [stored, strays] = await Promise.all([readTables(names), readStrays(store, indexed)])
    const { tables, pending, unreadable, failure } = strays
    const all = [...stored, ...tables.map(table => tableInMemory('', table))]
    let rows: IndexedBuild[] | undefined

    return {
      tables: stored,
      pending,
      unreadable,
      ...(failure && { failure }),
      builds: () => (rows ??= newestFirst(all.flatMap(({ head }) => head.builds))),
      async find(kind, value) {
        const hash = keyHash(kind, value)
        const found = await mapLimit(all, parallel, table => table.find(hash))
        if (found.every(builds => builds !== undefined)) return newestFirst(found.flat())
        return (await read()).find(kind, value)
      },
    }
  }

  return {
    newest,
    async add(build) {
      if (!isWhole) await newest()
      // With a newer build in the index, the older ones that it lacks would never be looked for again.
      if (failure) throw failure.cause
      const table = tableOf(build)
      const bytes = tableBytes(table)
      await store.put(tableKey(table, bytes), bytes)
      // A server takes in many builds, and may prune none. If it fails, the next one does it.
      if (++added % mostSmall === 0)
        await read()
          .then(view => compactIndex(store, view))
          .catch(() => {})
    },
    read,
  }
}

/** Each build once, as it was indexed last, with all packs that any of its writers may have named. */
function newestFirst(builds: IndexedBuild[]): IndexedBuild[] {
  return joinBuilds(builds).sort((one, other) => (one.id < other.id ? 1 : -1))
}
