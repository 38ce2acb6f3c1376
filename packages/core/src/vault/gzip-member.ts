import { crc32 } from 'node:zlib'
import type { Bytes } from '../types.ts'
import { chunkEnd } from './content-chunks.ts'
import { type Deflate, deflateAnew, deflateApart } from './deflate.ts'

const sizes = { min: 128 * 1024, target: 4 * 1024, max: 256 * 1024 }

/**
 * Packs bytes as a gzip member (RFC 1952) with a header of ten bytes. Large ones are deflated in pieces that begin afresh at
 * places which the content decides: where it did not change, nor do the compressed bytes, and need not be sent again. All end
 * with a last block of nothing, so that others can follow what is before it.
 *
 * @param isApart for a server, which has others to answer meanwhile
 */
export async function gzipMember(bytes: Bytes, isApart = false): Promise<Buffer> {
  return gzipMemberBy(isApart ? deflateApart : deflateAnew, bytes)
}

/** The same by a way to deflate that is kept for more than one. */
export async function gzipMemberBy(deflate: Deflate, bytes: Bytes): Promise<Buffer> {
  const header = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 3])
  /** A last block of nothing, and what gzip checks by. */
  const trailer = Buffer.from([3, 0, 0, 0, 0, 0, 0, 0, 0, 0])
  trailer.writeUInt32LE(crc32(bytes), 2)
  trailer.writeUInt32LE(bytes.length >>> 0, 6)
  return deflate(piecesOf(bytes), deflated => Buffer.concat([header, ...deflated, trailer]))
}

function piecesOf(bytes: Bytes): Bytes[] {
  if (bytes.length <= sizes.max) return [bytes]
  const pieces: Bytes[] = []
  for (let at = 0; at < bytes.length; ) {
    const rest = bytes.subarray(at)
    const piece = rest.subarray(0, chunkEnd(rest, sizes))
    pieces.push(piece)
    at += piece.length
  }
  return pieces
}
