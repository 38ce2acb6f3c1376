import { promisify } from 'node:util'
import { gunzip, gunzipSync, type ZlibOptions } from 'node:zlib'
import type { BlobRef, Bytes } from '../types.ts'
import { boundTo, isZstd, loadUnzstd, unzstdApart } from './zstd.ts'

/** Unpacks a member, which is gzip or zstd. */
export type Decode = (member: Bytes, blob: Pick<BlobRef, 'size'>) => Buffer

const gunzipApart = promisify<Bytes, ZlibOptions, Buffer>(gunzip)

/** What unpacks these members later, without waiting. */
export async function decoderOf(members: (Bytes | undefined)[]): Promise<Decode> {
  const unzstd = members.some(member => member && isZstd(member)) ? await loadUnzstd() : undefined
  return (member, { size }) => (unzstd && isZstd(member) ? unzstd(member, size) : gunzipSync(member, inOnePiece(size)))
}

/** In another thread: a server has other requests to answer meanwhile. */
export function decodeApart(member: Bytes, { size }: Pick<BlobRef, 'size'>): Promise<Buffer> {
  return isZstd(member) ? unzstdApart(member, size) : gunzipApart(member, inOnePiece(size))
}

/** With room for a byte more, so that zlib does not have to ask for another piece to see that there is none. */
function inOnePiece(size: number): ZlibOptions {
  return { ...boundTo(size), chunkSize: Math.max(64, size + 1) }
}
