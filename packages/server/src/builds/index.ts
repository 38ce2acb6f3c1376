import type { BuildRecord, FileRecord, Store } from '@mapseal/core'
import { createRecordCache } from './record-cache.ts'

/** What the vault holds, by what stacks and events name. */
export interface BuildIndex {
  /** Files with this ID, those of `release` first, then newest first. Re-lists the store on a miss, at most once a second. */
  byDebugId(debugId: string, release?: string): Promise<FileRecord[]>
  /**
   * By file name (URL or path tail) in a release: for frames without a debug ID. Those that share the longest tail first,
   * then newest first; without `dist` those without one come before others.
   */
  byFile(release: string, file: string, dist?: string): Promise<FileRecord[]>
  /** Newest first. */
  builds(): Promise<BuildRecord[]>
  /** A build that this server wrote: it is found at once. */
  note(build: BuildRecord): void
}

interface Entry {
  build: BuildRecord
  file: FileRecord
}

/** Each list newest first. */
interface Tables {
  builds: BuildRecord[]
  byId: Map<string, Entry[]>
  /** By the name without its folders. */
  byName: Map<string, Entry[]>
}

export function createBuildIndex(store: Store): BuildIndex {
  let tables = tabulate([])
  const records = createRecordCache(store, {
    added: build => insert(tables, build),
    reset(builds) {
      tables = tabulate(builds)
    },
  })

  /** What is known may be told at once; where that is nothing, another server may have written meanwhile. */
  async function find(search: (tables: Tables) => Entry[]): Promise<FileRecord[]> {
    await records.load()
    let found = search(tables)
    if (found.length === 0 && (await records.refresh())) found = search(tables)
    return found.map(({ file }) => file)
  }

  return {
    byDebugId: (debugId, release) =>
      find(({ byId }) => {
        const entries = byId.get(debugId) ?? []
        const isAsked = ({ build }: Entry) => build.release?.name === release
        return [...entries.filter(isAsked), ...entries.filter(entry => !isAsked(entry))]
      }),

    byFile(release, file, dist) {
      const path = pathOf(file)
      return find(({ byName }) =>
        (byName.get(nameOf(path)) ?? [])
          .filter(({ build }) => build.release?.name === release)
          .filter(({ build }) => dist === undefined || build.release?.dist === dist)
          .filter(entry => isTail(entry.file.path, path))
          .sort((a, b) => b.file.path.length - a.file.path.length || distRank(a) - distRank(b)),
      )
    },

    async builds() {
      await records.load()
      await records.refresh()
      return [...tables.builds]
    },

    note: build => records.add(build),
  }
}

function tabulate(builds: BuildRecord[]): Tables {
  const tables: Tables = { builds: [], byId: new Map(), byName: new Map() }
  // Each then goes to the end, where nothing has to be moved.
  for (const build of builds.sort((a, b) => (a.id < b.id ? 1 : -1))) insert(tables, build)
  return tables
}

function insert({ builds, byId, byName }: Tables, build: BuildRecord): void {
  place(builds, build, ({ id }) => id)
  for (const file of build.files) {
    const entry = { build, file }
    place(listOf(byId, file.debugId), entry, idOfBuild)
    place(listOf(byName, nameOf(pathOf(file.path))), entry, idOfBuild)
  }
}

const idOfBuild = ({ build }: Entry) => build.id

function listOf(table: Map<string, Entry[]>, key: string): Entry[] {
  const list = table.get(key) ?? []
  table.set(key, list)
  return list
}

/** New ones belong to one of the ends, so the search begins there. */
function place<Value>(list: Value[], value: Value, idOf: (value: Value) => string): void {
  const id = idOf(value)
  const last = list.at(-1)
  if (last === undefined || idOf(last) >= id) list.push(value)
  else {
    const at = list.findIndex(other => idOf(other) < id)
    list.splice(at, 0, value)
  }
}

/** Without query and fragment, decoded where it can be. */
function pathOf(file: string): string {
  const bare = file.replace(/^[a-z][a-z\d+.-]*:\/\/[^/]*/i, '').replace(/[?#].*$/s, '')
  try {
    return decodeURIComponent(bare)
  } catch {
    return bare
  }
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

function isTail(recorded: string, asked: string): boolean {
  const tail = pathOf(recorded)
  return asked === tail || asked.endsWith(`/${tail}`)
}

function distRank({ build }: Entry): number {
  return build.release?.dist === undefined ? 0 : 1
}
