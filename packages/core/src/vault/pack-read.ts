import { createHash } from 'node:crypto'
import { crc32, gunzipSync } from 'node:zlib'
import { MapsealError } from '../errors.ts'
import type { BlobRef, Bytes } from '../types.ts'
import { packKey } from './pack.ts'
import { placeOf, type Store } from './store.ts'

/** Neighbours are read together: files and maps are small, and a store may be a network away. */
const windowBytes = 1 << 20

/** Reads gzip members out of packs, fast if in the packs' order. @throws MapsealError where one is absent or damaged */
export function memberReader(store: Store): (blob: BlobRef) => Promise<Buffer> {
  let window: { pack: string; offset: number; bytes: Buffer } | undefined

  return async ({ pack, offset, length, crc32: expected }) => {
    const key = packKey(pack)
    const isInside =
      window?.pack === pack && window.offset <= offset && offset + length <= window.offset + window.bytes.length
    if (!window || !isInside) {
      const bytes = await store.get(key, { offset, length: Math.max(length, windowBytes) })
      if (!bytes) throw new MapsealError('vault', `${placeOf(store, key)} is absent. Build again.`)
      window = { pack, offset, bytes }
    }
    const start = offset - window.offset
    const member = window.bytes.subarray(start, start + length)
    if (member.length !== length || crc32(member) !== expected) throw damaged(store, pack)
    return member
  }
}

export function unpack(store: Store, { pack, size, sha256 }: BlobRef, member: Bytes): Buffer {
  try {
    const bytes = gunzipSync(member, { maxOutputLength: Math.max(size, 1) })
    if (createHash('sha256').update(bytes).digest('hex') === sha256) return bytes
  } catch (cause) {
    throw damaged(store, pack, cause)
  }
  throw damaged(store, pack)
}

function damaged(store: Store, pack: string, cause?: unknown): MapsealError {
  return new MapsealError('vault', `${placeOf(store, packKey(pack))} is damaged. Delete it and build again.`, { cause })
}
