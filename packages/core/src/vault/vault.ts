import { mapLimit } from '../concurrency.ts'
import { DamagedError, damageOf } from '../errors.ts'
import type { Artifact, BlobRef, Bytes, FileRecord, Vault } from '../types.ts'
import { claim } from './commands.ts'
import { decoderOf } from './decode.ts'
import { createStoredIndex, type IndexView } from './index/index.ts'
import { newestRecord } from './newest.ts'
import { createPack } from './pack.ts'
import { memberReader, readMember, unpack } from './pack-read.ts'
import { pendingRecords } from './pending-marks.ts'
import { prune } from './prune.ts'
import { createRecordWriter } from './record-writer.ts'
import { listRecords, readRecord, recordIdOf, recordKey } from './records.ts'
import { placeOf, type Store } from './store.ts'
import { isZstd } from './zstd.ts'

/** Maximum concurrent requests to a remote store. */
const parallel = 16

/**
 * A vault in a store:
 *
 *     packs/<name>       a build's files and maps, as far as the vault lacked them
 *     builds/<id>.json   build records
 *     index/<name>       parts of the index: what builds hold, without their records
 *     pending/<id>~<…>   a mark for each build with a pending delivery
 *     commands/<hash>    the build that the processes of one command add to
 *
 * Packs never change, so that readers need no lock, and writers only where they change the same record.
 */
export function createVault(store: Store): Vault {
  const index = createStoredIndex(store)
  const writer = createRecordWriter(store, index)
  const newest = () => newestRecord(store, index)

  async function readAll(ids: string[], onUnreadable: Unreadable) {
    const unreadable = new Set<string>()
    const builds = await mapLimit(ids, parallel, async id => {
      const key = recordKey(id)
      try {
        return await readRecord(store, key)
      } catch (cause) {
        unreadable.add(id)
        // The place is named beside it.
        onUnreadable?.(placeOf(store, key), damageOf(cause))
        return undefined
      }
    })
    return { builds: builds.filter(build => build !== undefined), unreadable }
  }

  async function readIndex(onUnreadable: Unreadable): Promise<IndexView> {
    const view = await index.read()
    for (const { place, cause } of view.unreadable) onUnreadable?.(place, cause)
    return view
  }

  return {
    location: store.location,
    newPack: options => createPack(store, { newest, ...options }),
    read: blob => readMember(store, blob),
    record: writer.put,
    amend: writer.amend,
    claim: (command, id, replaced) => claim(store, command, id, replaced),

    async find(id, onUnreadable) {
      const key = recordKey(id)
      try {
        return await readRecord(store, key)
      } catch (cause) {
        if (!onUnreadable || !(cause instanceof DamagedError)) throw cause
        onUnreadable(placeOf(store, key), cause.cause)
        return undefined
      }
    },
    newest,
    index: readIndex,
    pending: async onUnreadable =>
      pendingRecords(store, await readIndex(onUnreadable), ids => readAll(ids, onUnreadable)),

    async records(onUnreadable) {
      const listed = await listRecords(store)
      const ids = listed.flatMap(({ key }) => recordIdOf(key) ?? [])
      return (await readAll(ids, onUnreadable)).builds
    },

    async *artifacts(build, recent) {
      const read = memberReader(store)
      for (const file of inPackOrder(build.files)) {
        await read(startOf(file)) // The other is then at hand too.
        const code = await read(file.code)
        const map = file.map && (await read(file.map))
        const decode = await decoderOf([code, map])
        yield lazily(file, map ? { code, map } : { code }, (blob, member) => {
          const make = () => unpack(store, blob, member, decode)
          return recent ? recent.get(blob.sha256, make) : make()
        })
      }
    },

    forget: id => store.delete(recordKey(id)),
    prune: (retain, options) => prune(store, index, retain, options),
  }
}

type Unreadable = ((file: string, cause: unknown) => void) | undefined

/** Sorts by offset, so that a pack is read from start to end. */
function inPackOrder(files: FileRecord[]): FileRecord[] {
  const starts = files.map(file => ({ file, ...startOf(file) }))
  return starts
    .sort((a, b) => (a.pack === b.pack ? a.offset - b.offset : a.pack < b.pack ? -1 : 1))
    .map(({ file }) => file)
}

/** The first of a file's two members. */
function startOf({ code, map }: FileRecord): BlobRef {
  return map?.pack === code.pack && map.offset < code.offset ? map : code
}

/** Who sends the packed bytes on never pays for unpacking them. */
function lazily(
  { path, debugId, code, map }: FileRecord,
  packed: NonNullable<Artifact['gzip']>,
  unpacked: (blob: BlobRef, member: Bytes) => Bytes,
): Artifact {
  const isGzip = ![packed.code, packed.map].some(member => member && isZstd(member))
  const artifact: Artifact = {
    path,
    debugId,
    ...(code.isBinary || map?.isBinary || !isGzip ? {} : { gzip: packed }),
    get code() {
      return unpacked(code, packed.code)
    },
  }
  const { map: member } = packed
  if (!map || !member) return artifact
  return Object.defineProperty(artifact, 'map', { enumerable: true, get: () => unpacked(map, member) })
}
