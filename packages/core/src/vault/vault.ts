import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliCompress, brotliDecompress, constants } from 'node:zlib'
import { mapLimit } from '../concurrency.ts'
import { MapsealError } from '../errors.ts'
import type { Artifact, BlobRef, Bytes, Vault } from '../types.ts'
import { prune } from './prune.ts'
import { blobKey, readRecord, recordKey, recordKeys } from './records.ts'
import { placeOf, type Store } from './store.ts'

const compress = promisify(brotliCompress)
const decompress = promisify(brotliDecompress)

/** Quality 1 packs maps as well as gzip 3 at more than twice its speed. */
const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }

/** Of requests at a time, where a store is a network away. */
const parallel = 16

/**
 * A vault in a store:
 *
 *     blobs/ab/abcdef….br   bytes by their SHA-256, brotli
 *     builds/<id>.json      build records
 *
 * Blobs never change and a record belongs to one build, so that parallel builds and readers need no lock.
 */
export function createVault(store: Store): Vault {
  async function keep(bytes: Bytes): Promise<BlobRef> {
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const key = blobKey(sha256)
    if (!(await store.touch(key))) await store.put(key, await compress(bytes, quality))
    return { sha256, size: bytes.length }
  }

  async function read(blob: BlobRef): Promise<Bytes> {
    const key = blobKey(blob.sha256)
    const packed = await store.get(key)
    if (!packed) throw new MapsealError('vault', `${placeOf(store, key)} is absent. Build again.`)
    const bytes = await decompress(packed, { maxOutputLength: blob.size + 1 }).catch(() => undefined)
    if (!bytes || createHash('sha256').update(bytes).digest('hex') !== blob.sha256) {
      throw new MapsealError('vault', `${placeOf(store, key)} is damaged. Delete it and build again.`)
    }
    return bytes
  }

  return {
    location: store.location,
    read,

    async put(artifact) {
      const [code, map] = await Promise.all([keep(artifact.code), artifact.map && keep(artifact.map)])
      return map ? { code, map } : { code }
    },

    record: build => store.put(recordKey(build.id), Buffer.from(`${JSON.stringify(build, null, 1)}\n`)),

    async records(onUnreadable) {
      const keys = await recordKeys(store)
      const builds = await mapLimit(keys, parallel, async key => {
        try {
          return await readRecord(store, key)
        } catch (cause) {
          onUnreadable?.(placeOf(store, key), cause)
          return undefined
        }
      })
      return builds.filter(build => build !== undefined)
    },

    async *artifacts(build) {
      for (const { path, debugId, code, map } of build.files) {
        const artifact: Artifact = { path, debugId, code: await read(code) }
        yield map ? { ...artifact, map: await read(map) } : artifact
      }
    },

    prune: retain => prune(store, retain),
  }
}
