import type { BuildRecord, FileRecord, Store } from '@mapseal/core'
import { locateByUrl } from '@mapseal/core/symbolicate'
import { createRecordCache } from './record-cache.ts'

type Release = NonNullable<BuildRecord['release']>

/** What the vault holds, by what stacks and events name. */
export interface BuildIndex {
  /** Files with this ID, those of `release` first, then newest first. Re-lists the store on a miss, at most once a second. */
  byDebugId(debugId: string, release?: string): Promise<FileRecord[]>
  /**
   * By file name (URL or path tail) in a release: for frames without a debug ID. Those that share the longest tail first,
   * then newest first; without `dist` those without one come before others.
   */
  byFile(release: string, file: string, dist?: string): Promise<FileRecord[]>
  /** The same in any release, among the newest files of this name: see `locateByUrl`. */
  byUrl(url: string): Promise<FileRecord | undefined>
  /**
   * The release that files with these IDs belong to, as far as they are known. Undefined where that is none, or several: a
   * file that does not change keeps its ID.
   */
  releaseOf(debugIds: string[]): Promise<Pick<Release, 'name' | 'dist'> | undefined>
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
  /** By the name without its folders, of all releases and of each. */
  byName: Map<string, Entry[]>
}

/** Every build may have a file of this name, and every frame of an event may ask for one. */
const MOST_OF_A_NAME = 20

export function createBuildIndex(store: Store): BuildIndex {
  let tables = tabulate([])
  const records = createRecordCache(store, {
    added: build => insert(tables, build),
    reset(builds) {
      tables = tabulate(builds)
    },
  })

  /** What is known may be told at once; where that is nothing, another server may have written meanwhile. */
  async function findEntries(search: (tables: Tables) => Entry[]): Promise<Entry[]> {
    await records.load()
    const found = search(tables)
    return found.length === 0 && (await records.refresh()) ? search(tables) : found
  }

  async function find(search: (tables: Tables) => Entry[]): Promise<FileRecord[]> {
    return (await findEntries(search)).map(({ file }) => file)
  }

  async function releasesOf(debugId: string): Promise<Map<string, Pick<Release, 'name' | 'dist'>>> {
    const entries = await findEntries(({ byId }) => byId.get(debugId) ?? [])
    const releases = entries.flatMap(({ build: { release } }) => (release ? [release] : []))
    return new Map(
      releases.map(({ name, dist }) => [JSON.stringify([name, dist]), { name, ...(dist !== undefined && { dist }) }]),
    )
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
        (byName.get(keyOfName(path, release)) ?? [])
          .filter(({ build }) => dist === undefined || build.release?.dist === dist)
          .filter(entry => isTail(entry.file.path, path))
          .sort((a, b) => b.file.path.length - a.file.path.length || distRank(a) - distRank(b)),
      )
    },

    async byUrl(url) {
      const path = pathOf(url)
      const named = ({ byName }: Tables) => byName.get(keyOfName(path))?.slice(0, MOST_OF_A_NAME) ?? []
      const entries = await findEntries(named)
      return locateByUrl(
        entries.map(({ build, file }) => ({ ...build, files: [file] })),
        url,
      )?.file
    },

    async releaseOf(debugIds) {
      const known = await Promise.all([...new Set(debugIds)].map(releasesOf))
      const [first, ...rest] = known.filter(({ size }) => size > 0)
      const common = [...(first ?? [])].filter(([key]) => rest.every(releases => releases.has(key)))
      const [only] = common.length === 1 ? common : []
      return only?.[1]
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
    const path = pathOf(file.path)
    place(listOf(byName, keyOfName(path)), entry, idOfBuild)
    if (build.release) place(listOf(byName, keyOfName(path, build.release.name)), entry, idOfBuild)
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

function keyOfName(path: string, release?: string): string {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
  return release === undefined ? name : `${name}\n${release}`
}

function isTail(recorded: string, asked: string): boolean {
  const tail = pathOf(recorded)
  return asked === tail || asked.endsWith(`/${tail}`)
}

function distRank({ build }: Entry): number {
  return build.release?.dist === undefined ? 0 : 1
}
