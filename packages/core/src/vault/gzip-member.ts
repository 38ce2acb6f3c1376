import { promisify } from 'node:util'
import { constants, crc32, deflateRaw, deflateRawSync } from 'node:zlib'
import { mapLimit } from '../concurrency.ts'
import type { Bytes } from '../types.ts'
import { chunkEnd } from './content-chunks.ts'

/** What other levels cost is more than they save, in the vault and on the way to a server. */
const level = 1
const sizes = { min: 128 * 1024, target: 4 * 1024, max: 256 * 1024 }

/** By threads, a third of the CPU time goes into handing work over (measured). */
const here = deflateRawSync
const apart = promisify(deflateRaw)

/**
 * Packs bytes as a gzip member (RFC 1952) with a header of ten bytes. Large ones are deflated in pieces that begin afresh at
 * places which the content decides: where it did not change, nor do the compressed bytes, and need not be sent again. All end
 * with a last block of nothing, so that others can follow what is before it.
 *
 * @param isApart for a server, which has others to answer meanwhile
 */
export async function gzipMember(bytes: Bytes, isApart = false): Promise<Buffer> {
  const deflate = isApart ? apart : here
  const deflated = await mapLimit(piecesOf(bytes), 4, async piece =>
    deflate(piece, { level, chunkSize: chunkSize(piece), finishFlush: constants.Z_FULL_FLUSH }),
  )
  const header = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 3])
  /** A last block of nothing, and what gzip checks by. */
  const trailer = Buffer.from([3, 0, 0, 0, 0, 0, 0, 0, 0, 0])
  trailer.writeUInt32LE(crc32(bytes), 2)
  trailer.writeUInt32LE(bytes.length >>> 0, 6)
  return Buffer.concat([header, ...deflated, trailer])
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

/** What text shrinks to, so that the result is one buffer and need not be joined. */
function chunkSize(bytes: Bytes): number {
  return Math.max(1024, bytes.length >> 1)
}
