import { mapLimit } from '../concurrency.ts'
import type { Artifact, BlobRef, BuildRecord, Bytes, FileRecord, Vault } from '../types.ts'
import { claim } from './commands.ts'
import { decoderOf } from './decode.ts'
import { createPack } from './pack.ts'
import { memberReader, readMember, unpack } from './pack-read.ts'
import { prune } from './prune.ts'
import { listRecords, newestRecord, readRecord, recordBytes, recordKey, recordOf } from './records.ts'
import { placeOf, type Store } from './store.ts'
import { isZstd } from './zstd.ts'

/** Maximum concurrent requests to a remote store. */
const parallel = 16

/**
 * A vault in a store:
 *
 *     packs/<name>       a build's files and maps, as far as the vault lacked them
 *     builds/<id>.json   build records
 *     commands/<hash>    the build that the processes of one command add to
 *
 * Packs never change, so that readers need no lock, and writers only where they change the same record.
 */
export function createVault(store: Store): Vault {
  return {
    location: store.location,
    newPack: options => createPack(store, options),
    read: blob => readMember(store, blob),
    record: build => store.put(recordKey(build.id), recordBytes(build)),
    amend: (id, change) => amend(store, id, change),
    claim: (command, id, replaced) => claim(store, command, id, replaced),

    find: id => readRecord(store, recordKey(id)),
    newest: () => newestRecord(store),

    async records(onUnreadable) {
      const builds = await mapLimit(await listRecords(store), parallel, async ({ key }) => {
        try {
          return await readRecord(store, key)
        } catch (cause) {
          // The place is named beside it.
          onUnreadable?.(placeOf(store, key), cause instanceof SyntaxError ? cause.cause : cause)
          return undefined
        }
      })
      return builds.filter(build => build !== undefined)
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
    prune: (retain, options) => prune(store, retain, options),
  }
}

async function amend(
  store: Store,
  id: string,
  change: (build: BuildRecord | undefined) => BuildRecord | undefined,
): Promise<BuildRecord | undefined> {
  const key = recordKey(id)
  let amended: BuildRecord | undefined
  await store.update(key, json => {
    const build = recordOf(store, key, json)
    amended = change(build)
    return amended && amended !== build ? recordBytes(amended) : undefined
  })
  return amended
}

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
