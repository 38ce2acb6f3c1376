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

interface Tables {
  builds: BuildRecord[]
  byId: Map<string, Entry[]>
  /** By the name without its folders. */
  byName: Map<string, Entry[]>
}

export function createBuildIndex(store: Store): BuildIndex {
  const records = createRecordCache(store)
  let tables: { version: number; value: Tables } | undefined

  function current(): Tables {
    if (tables?.version !== records.version()) tables = { version: records.version(), value: tabulate(records.all()) }
    return tables.value
  }

  /** What is known may be told at once; where that is nothing, another server may have written meanwhile. */
  async function find(search: (tables: Tables) => Entry[]): Promise<FileRecord[]> {
    await records.load()
    let found = search(current())
    if (found.length === 0 && (await records.refresh())) found = search(current())
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
      return current().builds
    },

    note: build => records.add(build),
  }
}

function tabulate(builds: BuildRecord[]): Tables {
  const byId = new Map<string, Entry[]>()
  const byName = new Map<string, Entry[]>()
  const add = (table: Map<string, Entry[]>, key: string, entry: Entry) => {
    const entries = table.get(key)
    if (entries) entries.push(entry)
    else table.set(key, [entry])
  }
  for (const build of builds) {
    for (const file of build.files) {
      add(byId, file.debugId, { build, file })
      add(byName, nameOf(pathOf(file.path)), { build, file })
    }
  }
  return { builds, byId, byName }
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
