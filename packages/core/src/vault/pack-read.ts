import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { crc32, gunzip, gunzipSync } from 'node:zlib'
import { MapsealError } from '../errors.ts'
import type { BlobRef, Bytes } from '../types.ts'
import { packKey } from './pack-key.ts'
import { placeOf, type Store } from './store.ts'

/** Neighbours are read together: files and maps are small, and a store may be a network away. */
const windowBytes = 1 << 20

/**
 * Reads gzip members out of packs, fast if in the packs' order.
 *
 * @param least bytes to read at a time, for what comes next
 * @throws MapsealError where one is absent or damaged
 */
export function memberReader(store: Store, least: number = windowBytes): (blob: BlobRef) => Promise<Buffer> {
  const read = rangeReader(store, least)
  return async blob => {
    const member = await read(blob)
    if (!member) throw new MapsealError('vault', `${placeOf(store, packKey(blob.pack))} is absent. Build again.`)
    if (member.length !== blob.length || crc32(member) !== blob.crc32) throw damaged(store, blob.pack)
    return member
  }
}

/** The same, as the bytes are: fewer where the pack ends before, undefined where there is none. */
export function rangeReader(store: Store, least: number = windowBytes): (blob: BlobRef) => Promise<Buffer | undefined> {
  let window: { pack: string; offset: number; bytes: Buffer } | undefined
  return async ({ pack, offset, length }) => {
    const isInside =
      window?.pack === pack && window.offset <= offset && offset + length <= window.offset + window.bytes.length
    if (!window || !isInside) {
      const bytes = await store.get(packKey(pack), { offset, length: Math.max(length, least) })
      if (!bytes) return undefined
      window = { pack, offset, bytes }
    }
    const start = offset - window.offset
    return window.bytes.subarray(start, start + length)
  }
}

/** One member alone. Unpacked in another thread: a server, which reads them so, has other requests to answer meanwhile. */
export async function readMember(store: Store, blob: BlobRef): Promise<Buffer> {
  const member = await memberReader(store, 0)(blob)
  const bytes = await gunzipApart(member, boundOf(blob)).catch(cause => {
    throw damaged(store, blob.pack, cause)
  })
  return checked(store, blob, bytes)
}

export function unpack(store: Store, blob: BlobRef, member: Bytes): Buffer {
  try {
    return checked(store, blob, gunzipSync(member, boundOf(blob)))
  } catch (cause) {
    throw cause instanceof MapsealError ? cause : damaged(store, blob.pack, cause)
  }
}

/** @param options the size that is known, so that nothing larger is unpacked */
export const gunzipApart: (bytes: Bytes, options: { maxOutputLength: number }) => Promise<Buffer> = promisify<
  Bytes,
  { maxOutputLength: number },
  Buffer
>(gunzip)

export function boundOf({ size }: BlobRef): { maxOutputLength: number } {
  return { maxOutputLength: Math.max(size, 1) }
}

function checked(store: Store, { pack, sha256 }: BlobRef, bytes: Buffer): Buffer {
  if (createHash('sha256').update(bytes).digest('hex') === sha256) return bytes
  throw damaged(store, pack)
}

function damaged(store: Store, pack: string, cause?: unknown): MapsealError {
  return new MapsealError('vault', `${placeOf(store, packKey(pack))} is damaged. Delete it and build again.`, { cause })
}
