import { mapLimit } from '../concurrency.ts'
import { damageOf, reason } from '../errors.ts'
import type { BlobRef, BuildRecord } from '../types.ts'
import { loadTable } from './index/open-table.ts'
import { tablePrefix } from './index/table.ts'
import { memberFault } from './member-faults.ts'
import { packKey } from './pack-key.ts'
import { rangeReader } from './pack-read.ts'
import { isFileRecord, recordFaults } from './record-faults.ts'
import { listRecords, readRecord } from './records.ts'
import { placeOf, type Store } from './store.ts'

/** Something in a vault that is broken. */
export interface VaultProblem {
  /** The record or the pack: a path, or a URL. */
  path: string
  /** What is wrong, as the end of a sentence that begins with the path. */
  message: string
  /** IDs of the builds that it concerns, newest first. */
  builds: string[]
  /** Paths of their files that cannot be read. */
  files: string[]
}

export interface VerifiedVault {
  vault: string
  builds: number
  packs: number
  /** Read and compared, before unpacking. */
  bytes: number
  problems: VaultProblem[]
  /** Packs that no build names: of builds that were killed, or that still run. */
  unreferenced: string[]
  /** Temporary files that killed writers left behind. */
  abandoned: string[]
}

/** A member of a pack, with those that name it. */
interface Member {
  blob: BlobRef
  isMap: boolean
  builds: Set<string>
  files: Set<string>
}

/**
 * Reads everything in a vault and compares it with what its records say: each record parses, each pack is there with every
 * file and map under its checksums, each map parses that a build did not find at fault itself, and each part of the index is
 * what its name says. Changes nothing.
 *
 * @param onProgress is called with bytes of packs, read and in all
 */
export async function verifyVault(
  store: Store,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<VerifiedVault> {
  const records = await readRecords(store)
  // After the records, whose packs were there before them.
  const packs = await keysOf(store, 'packs/')
  const named = membersOf(records.builds)
  const total = [...named.values()].flat().reduce((sum, { blob }) => sum + blob.length, 0)
  let done = 0
  const onRead = (bytes: number) => {
    done += bytes
    onProgress(done, total)
  }
  const broken = await mapLimit(named, 4, async ([key, members]) =>
    packs.has(key) ? packProblem(store, key, members, onRead) : problemOf(store, key, 'is absent', members),
  )
  return {
    vault: store.location,
    builds: records.builds.length,
    packs: packs.size,
    bytes: done,
    problems: [
      ...(await withoutPruned(store, [...records.problems, ...broken.filter(problem => problem !== undefined)])),
      ...(await indexProblems(store)),
    ],
    unreferenced: [...packs].filter(key => !named.has(key)).map(key => placeOf(store, key)),
    abandoned: (await store.abandoned?.()) ?? [],
  }
}

async function readRecords(store: Store): Promise<{ builds: BuildRecord[]; problems: VaultProblem[] }> {
  const problems: VaultProblem[] = []
  const builds = await mapLimit(await listRecords(store), 16, async ({ key }) => {
    const about = { path: placeOf(store, key), builds: [idOf(key)], files: [] }
    try {
      const build = await readRecord(store, key)
      for (const fault of build ? recordFaults(build, key) : [])
        problems.push({ ...about, message: `is not a whole build record: ${fault}` })
      return build
    } catch (cause) {
      problems.push({ ...about, message: `is not a build record: ${reason(damageOf(cause))}` })
      return undefined
    }
  })
  return { builds: builds.filter(build => build !== undefined), problems }
}

async function indexProblems(store: Store): Promise<VaultProblem[]> {
  const problems: VaultProblem[] = []
  for (const key of await keysOf(store, tablePrefix)) {
    try {
      await loadTable(store, key)
    } catch (cause) {
      const message = `is a damaged part of the index (${reason(damageOf(cause))}): delete ${placeOf(store, tablePrefix)}, which is then made anew`
      problems.push({ path: placeOf(store, key), message, builds: [], files: [] })
    }
  }
  return problems
}

function idOf(recordKey: string): string {
  return recordKey.replace(/^builds\/|\.json$/g, '')
}

async function keysOf(store: Store, prefix: string): Promise<Set<string>> {
  const keys = new Set<string>()
  for await (const { key } of store.list(prefix)) keys.add(key)
  return keys
}

/** By the key of their pack, in its order; each once, however many builds name it. */
function membersOf(builds: BuildRecord[]): Map<string, Member[]> {
  const members = new Map<string, Member>()
  for (const { id, files } of builds) {
    for (const { path, code, map, problem } of files.filter(isFileRecord)) {
      note(members, code, id, path, false)
      if (map) note(members, map, id, path, problem === undefined)
    }
  }
  const byPack = new Map<string, Member[]>()
  for (const member of [...members.values()].sort((a, b) => a.blob.offset - b.blob.offset)) {
    const key = packKey(member.blob.pack)
    const others = byPack.get(key)
    if (others) others.push(member)
    else byPack.set(key, [member])
  }
  return byPack
}

function note(members: Map<string, Member>, blob: BlobRef, build: string, path: string, isMap: boolean): void {
  const { pack, offset, length, crc32, size, sha256 } = blob
  const name = [pack, offset, length, crc32, size, sha256].join()
  const member = members.get(name) ?? { blob, isMap: false, builds: new Set(), files: new Set() }
  member.isMap ||= isMap
  member.builds.add(build)
  member.files.add(path)
  members.set(name, member)
}

async function packProblem(
  store: Store,
  key: string,
  members: Member[],
  onRead: (bytes: number) => void,
): Promise<VaultProblem | undefined> {
  const read = rangeReader(store)
  const broken: Member[] = []
  let first: string | undefined
  for (const member of members) {
    const fault = await faultOf(read, member)
    onRead(member.blob.length)
    if (fault === undefined) continue
    first ??= fault
    broken.push(member)
  }
  return first === undefined ? undefined : problemOf(store, key, first, broken)
}

async function faultOf(read: ReturnType<typeof rangeReader>, { blob, isMap }: Member): Promise<string | undefined> {
  try {
    const bytes = await read(blob)
    return bytes ? await memberFault(blob, bytes, isMap) : 'is absent'
  } catch (cause) {
    return `cannot be read: ${reason(cause)}`
  }
}

function problemOf(store: Store, key: string, message: string, members: Member[]): VaultProblem {
  const builds = new Set(members.flatMap(member => [...member.builds]))
  const files = new Set(members.flatMap(member => [...member.files]))
  return { path: placeOf(store, key), message, builds: [...builds].sort().reverse(), files: [...files].sort() }
}

/** Another process may have pruned a build, and its packs, while this one read. */
async function withoutPruned(store: Store, problems: VaultProblem[]): Promise<VaultProblem[]> {
  if (problems.length === 0) return problems
  const left = new Set((await listRecords(store)).map(({ key }) => idOf(key)))
  return problems
    .map(problem => ({ ...problem, builds: problem.builds.filter(id => left.has(id)) }))
    .filter(({ builds }) => builds.length > 0)
}
