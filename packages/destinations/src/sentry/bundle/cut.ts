import { crc32 } from 'node:zlib'
import type { Bytes } from '@mapseal/core'

/** Sizes of chunks, in bytes. */
export interface ChunkSizes {
  min: number
  target: number
  max: number
}

const smallest = 16 * 1024
/** What a piece of a deflated file has, about (`gzipMember` of core). */
const pieceSize = 32 * 1024

/**
 * A power of two that gives about so many chunks: small enough for a change to resend little, large enough for few
 * requests. It moves only when a bundle doubles.
 */
export function chunkSizes(bundleSize: number, maxChunk: number, chunks: number): ChunkSizes {
  const wanted = Math.max(smallest, 2 ** Math.round(Math.log2(bundleSize / chunks)))
  const target = Math.min(wanted, maxChunk)
  return { min: Math.ceil(target / 4), target, max: Math.min(target * 4, maxChunk) }
}

/** Whether a chunk ends after the entry of this name: after one in `length`, whatever its neighbours are. */
export function endsGroup(key: string, length: number): boolean {
  return crc32(key) % length === 0
}

/** What deflate writes where it starts afresh (an empty block, RFC 1951 §3.2.4). */
const mark = Buffer.from([0, 0, 0xff, 0xff])
/** Length of the empty last block, in bytes. It gets no chunk of its own. */
const lastBlock = 2

/** Ends of the pieces that a file was deflated in, decided by its content; see `gzipMember` of core. */
export function pieceEnds(deflated: Bytes): number[] {
  const { buffer, byteOffset, length } = deflated
  const bytes = Buffer.from(buffer, byteOffset, length)
  const ends: number[] = []
  for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at)) {
    at += mark.length
    if (at < length - lastBlock) ends.push(at)
  }
  return ends
}

/**
 * Where to cut a file that is larger than a chunk: after pieces, chosen by their own length, so that what did not change is
 * cut as before.
 *
 * @param ends of its pieces
 * @param before bytes that stand before it in the first chunk
 * @returns ends of chunks, the last one `length`
 */
export function cutsOf(length: number, ends: number[], { min, target, max }: ChunkSizes, before: number): number[] {
  const every = Math.max(1, Math.round(target / pieceSize))
  const cuts: number[] = []
  let from = -before
  let last = 0
  const cut = (at: number) => {
    cuts.push(at)
    from = at
  }
  for (const end of [...ends, length]) {
    while (end - from > max) cut(from + max)
    if (end === length || (end - from >= min && (end - last) % every === 0)) cut(end)
    last = end
  }
  return cuts
}
