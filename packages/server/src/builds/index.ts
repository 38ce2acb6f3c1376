import type { BuildRecord, FileRecord, Store } from '@mapseal/core'
import { fileOfUrl, locateByUrl } from '@mapseal/core/symbolicate'
import { createRecordCache } from './record-cache.ts'

type Release = NonNullable<BuildRecord['release']>

/** The vault's files, found by what stacks and events name. */
export interface BuildIndex {
  /**
   * Files with this ID, those of `release` first, then newest first; of the first build, the one that `url` names before the
   * others. Lists the store again on a miss, at most once a second.
   */
  byDebugId(debugId: string, release?: string, url?: string): Promise<FileRecord[]>
  /**
   * By file name (URL or path tail) in a release: for frames without a debug ID. Those that share the longest tail first,
   * then newest first; without `dist` those without one come before others. Else the newest whose path ends with the whole
   * name, unless its build has several.
   */
  byFile(release: string, file: string, dist?: string): Promise<FileRecord[]>
  /** The same in any release, among the newest files of this name: see `locateByUrl`. */
  byUrl(url: string): Promise<FileRecord | undefined>
  /**
   * The one release that all known files with these IDs belong to. Undefined if there is none, or more than one: a file
   * that does not change keeps its ID.
   */
  releaseOf(debugIds: string[]): Promise<Pick<Release, 'name' | 'dist'> | undefined>
  /** Newest first. */
  builds(): Promise<BuildRecord[]>
  /** Adds a build that this server wrote, so that it is found at once. */
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

/** Every build may have a file of this name, and every frame of an event may look for one. */
const MOST_OF_A_NAME = 20

export function createBuildIndex(store: Store): BuildIndex {
  let tables = tabulate([])
  const records = createRecordCache(store, {
    added: build => insert(tables, build),
    reset(builds) {
      tables = tabulate(builds)
    },
  })

  /** Looks in the store again only if nothing is found: another server may have written it meanwhile. */
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
    byDebugId: (debugId, release, url) =>
      find(({ byId }) => {
        const entries = byId.get(debugId) ?? []
        const isOfRelease = ({ build }: Entry) => build.release?.name === release
        const ordered = [...entries.filter(isOfRelease), ...entries.filter(entry => !isOfRelease(entry))]
        const ofFirst = ordered.filter(({ build }) => build === ordered[0]?.build)
        const named =
          url === undefined
            ? undefined
            : fileOfUrl(
                ofFirst.map(({ file }) => file),
                url,
              )
        const isNamed = ({ file }: Entry) => file === named
        return [...ordered.filter(isNamed), ...ordered.filter(entry => !isNamed(entry))]
      }),

    byFile(release, file, dist) {
      const path = pathOf(file)
      return find(({ byName }) => {
        const entries = (byName.get(keyOfName(path, release)) ?? []).filter(
          ({ build }) => dist === undefined || build.release?.dist === dist,
        )
        const tails = entries
          .filter(({ file }) => isTail(pathOf(file.path), path))
          .sort((a, b) => b.file.path.length - a.file.path.length || distRank(a) - distRank(b))
        return tails.length > 0 ? tails : onlyOfNewest(entries.filter(({ file }) => isTail(path, pathOf(file.path))))
      })
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
  // Newest first, so that each is added at the end and nothing has to move.
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

/** New ones belong at one of the ends, so the search starts there. */
function place<Value>(list: Value[], value: Value, idOf: (value: Value) => string): void {
  const id = idOf(value)
  const last = list.at(-1)
  if (last === undefined || idOf(last) >= id) list.push(value)
  else {
    const at = list.findIndex(other => idOf(other) < id)
    list.splice(at, 0, value)
  }
}

/** The path without query and fragment, decoded if possible; a folder's is that of its page. */
function pathOf(file: string): string {
  const named = file.replace(/^[a-z][a-z\d+.-]*:\/\/[^/]*/i, '').replace(/[?#].*$/s, '')
  const bare = named === '' || named.endsWith('/') ? `${named}index.html` : named
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

function isTail(tail: string, path: string): boolean {
  return path === tail || path.endsWith(tail.startsWith('/') ? tail : `/${tail}`)
}

/** Those of the newest build, unless they hold different code. */
function onlyOfNewest(entries: Entry[]): Entry[] {
  const [newest] = entries
  const ofNewest = entries.filter(({ build }) => build === newest?.build)
  return ofNewest.every(({ file }) => file.code.sha256 === newest?.file.code.sha256) ? ofNewest : []
}

function distRank({ build }: Entry): number {
  return build.release?.dist === undefined ? 0 : 1
}
