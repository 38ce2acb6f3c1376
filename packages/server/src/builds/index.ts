import {
  type BuildRecord,
  createVault,
  type FileRecord,
  type IndexedBuild,
  nameIn,
  type Store,
  uploadOf,
} from '@mapseal/core'
import { fileOfUrl, locateByUrl } from '@mapseal/core/symbolicate'
import { createRecords } from './records.ts'
import { createView } from './view.ts'

type Release = NonNullable<BuildRecord['release']>

/** The vault's files, found by what stacks and events name. */
export interface BuildIndex {
  /**
   * Files with this ID of the newest build that has it, in `release` before others; of several, the one that `url` names first.
   * The same of the builds before it, as far as no file of those has a map. Looks at the index again on a miss, at most once a
   * second.
   */
  byDebugId(debugId: string, release?: string, url?: string): Promise<FileRecord[]>
  /**
   * By file name (URL or path tail) in a release: for frames without a debug ID. Those that share the longest tail first,
   * then newest first; without `dist` those without one come before others. Else the newest whose path ends with the whole
   * name, unless its build has several.
   */
  byFile(release: string, file: string, dist?: string): Promise<FileRecord[]>
  /** The same in any release, among the newest builds with a file of this name: see `locateByUrl`. */
  byUrl(url: string): Promise<FileRecord | undefined>
  /**
   * The one release that all known files with these IDs belong to. Undefined if there is none, or more than one: a file
   * that does not change keeps its ID.
   */
  releaseOf(debugIds: string[]): Promise<Pick<Release, 'name' | 'dist'> | undefined>
  /** All that are indexed, newest first, as they were within the last second. */
  list(): Promise<IndexedBuild[]>
  /** The records of all builds, newest first, each read when it is asked for: they are large. */
  records(): AsyncIterable<BuildRecord>
  /** The newest builds with this ID, newest first, as `records`. */
  holders(debugId: string): AsyncIterable<BuildRecord>
  find(id: string): Promise<BuildRecord | undefined>
  /** The build of an upload, by its ID or another one for the same upload. */
  upload(id: string): Promise<BuildRecord | undefined>
  /** Adds a build that this server wrote, so that it is found at once. */
  note(build: BuildRecord): void
}

interface Entry {
  /** Without its files. */
  build: BuildRecord
  file: FileRecord
}

/** Every build may have a file of this name, and every frame of an event may look for one. */
const MOST_OF_A_NAME = 20

export function createBuildIndex(store: Store): BuildIndex {
  const vault = createVault(store)
  const records = createRecords(vault)
  /** What this server wrote since the index was read. */
  const noted = new Map<string, { build: BuildRecord; at: number }>()
  const view = createView(vault, startedAt => {
    for (const [id, { at }] of noted) if (at < startedAt) noted.delete(id)
  })

  /** Newest first. */
  async function search(kind: Kind, value: string): Promise<IndexedBuild[]> {
    const own = [...noted.values()].map(({ build }) => build).filter(build => holds(build, kind, value))
    return inOrder([...own.map(rowOf), ...(await (await view.current()).find(kind, value))])
  }

  /**
   * What is read of the builds with a key. Looks at the index again only if that is nothing: another server may have written
   * a build meanwhile, or put it in the place of one that the index knew.
   */
  async function look<Found>(
    kind: Kind,
    value: string,
    read: (builds: IndexedBuild[]) => Found[] | Promise<Found[]>,
  ): Promise<Found[]> {
    const found = await read(await search(kind, value))
    return found.length === 0 && (await view.refresh()) ? read(await search(kind, value)) : found
  }

  async function* recordsOf(builds: IndexedBuild[], most = builds.length): AsyncIterable<BuildRecord> {
    let left = most
    for (const { id } of builds) {
      if (left === 0) return
      const build = await records.read(id)
      if (!build) continue
      left -= 1
      yield build
    }
  }

  async function list(): Promise<IndexedBuild[]> {
    await view.current()
    await view.refresh()
    const own = [...noted.values()].map(({ build }) => rowOf(build))
    return inOrder([...own, ...(await view.current()).builds()])
  }

  async function releasesOf(debugId: string): Promise<Map<string, Pick<Release, 'name' | 'dist'>>> {
    const releases = await look('id', debugId, builds => builds.flatMap(({ release }) => release ?? []))
    return new Map(releases.map(release => [JSON.stringify([release.name, release.dist]), release]))
  }

  async function entriesOf(builds: IndexedBuild[], name: string): Promise<Entry[]> {
    const entries: Entry[] = []
    for await (const { files, ...facts } of recordsOf(builds, MOST_OF_A_NAME)) {
      const build = { ...facts, files: [] }
      for (const file of files) if (nameIn(file.path) === name) entries.push({ build, file })
    }
    return entries
  }

  return {
    byDebugId: (debugId, release, url) =>
      look('id', debugId, async found => {
        const isOfRelease = (build: IndexedBuild) => build.release?.name === release
        const ordered = [...found.filter(isOfRelease), ...found.filter(build => !isOfRelease(build))]
        const files: FileRecord[] = []
        for await (const build of recordsOf(ordered)) {
          const own = build.files.filter(file => file.debugId === debugId)
          const named = files.length === 0 && url !== undefined ? fileOfUrl(own, url) : undefined
          files.push(...own.filter(file => file === named), ...own.filter(file => file !== named))
          if (own.some(({ map }) => map)) break
        }
        return files
      }),

    async byFile(release, file, dist) {
      const path = pathOf(file)
      const isOfRelease = ({ release: own }: IndexedBuild) =>
        own?.name === release && (dist === undefined || own.dist === dist)
      const name = nameIn(file)
      const entries = await look('name', name, builds => entriesOf(builds.filter(isOfRelease), name))
      const tails = entries
        .filter(({ file }) => isTail(pathOf(file.path), path))
        .sort((a, b) => b.file.path.length - a.file.path.length || distRank(a) - distRank(b))
      const found =
        tails.length > 0 ? tails : onlyOfNewest(entries.filter(({ file }) => isTail(path, pathOf(file.path))))
      return found.map(({ file }) => file)
    },

    async byUrl(url) {
      const name = nameIn(url)
      const entries = await look('name', name, builds => entriesOf(builds, name))
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

    list,
    async *records() {
      yield* recordsOf(await list())
    },
    async *holders(debugId) {
      yield* recordsOf(await look('id', debugId, builds => builds), MOST_OF_A_NAME)
    },
    find: async id => ((await list()).some(build => build.id === id) ? records.read(id) : undefined),
    async upload(id) {
      const digest = uploadOf(id)
      if (digest === undefined) return undefined
      await view.refresh()
      for await (const build of recordsOf(await search('upload', digest))) return build
      return undefined
    },

    note(build) {
      records.note(build)
      noted.set(build.id, { build, at: Date.now() })
    },
  }
}

type Kind = 'id' | 'name' | 'upload'

function holds(build: BuildRecord, kind: Kind, value: string): boolean {
  if (kind === 'upload') return uploadOf(build.id) === value
  return build.files.some(({ debugId, path }) => (kind === 'id' ? debugId : nameIn(path)) === value)
}

/** What the index will say of it. */
function rowOf({ id, createdAt, release }: BuildRecord): IndexedBuild {
  return { id, createdAt, at: Date.now(), app: '', packs: [], ...(release && { release }) }
}

function inOrder(builds: IndexedBuild[]): IndexedBuild[] {
  const byId = new Map(builds.map(build => [build.id, build]))
  return [...byId.values()].sort((one, other) => (one.id < other.id ? 1 : -1))
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
