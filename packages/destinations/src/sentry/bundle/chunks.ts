import { createHash } from 'node:crypto'
import type { Bundle, Part } from './bundle.ts'
import { type ChunkSizes, chunkSizes, cutsOf, endsGroup } from './cut.ts'
import { blocksOf, type Piece, sizeOf } from './pieces.ts'
import type { Spill } from './spill.ts'

export interface Chunk {
  /** Lower-case hex, of the bytes as they are in the bundle. */
  sha1: string
  size: number
  pieces: Piece[]
}

export interface ChunkedBundle {
  /** SHA-1 of the whole. */
  checksum: string
  /** In the bundle's order. */
  chunks: Chunk[]
}

/**
 * Cuts a bundle so that what did not change gives the chunks that the server already has: at the ends of entries, at
 * places that the entries' own names decide, and inside of large entries at places that their content decides. An
 * entry says nothing of its place; only the last part, manifest and central directory, changes with every build.
 *
 * Servers take chunks of any size up to `chunkSize`: they look each up by its SHA-1, append them in the order of the list
 * and compare the SHA-1 of the whole (getsentry/sentry, `assemble_from_file_blob_ids`: `offset += blob.size`).
 *
 * @param maxChunk in bytes
 * @param wanted about how many chunks; undefined for as few as can be, where all are sent anyway
 */
export function cutBundle(
  bundle: Bundle,
  maxChunk: number,
  wanted: number | undefined,
  read: Spill['read'],
): ChunkedBundle {
  const whole = createHash('sha1')
  const memory = Buffer.allocUnsafe(256 * 1024)
  const chunks = groupPieces(bundle, chunkSizes(bundle.size, maxChunk, wanted ?? 1), wanted !== undefined).map(
    pieces => {
      const own = createHash('sha1')
      for (const block of blocksOf(pieces, read, size => memory.subarray(0, size))) {
        whole.update(block)
        own.update(block)
      }
      return { sha1: own.digest('hex'), size: sizeOf(pieces), pieces }
    },
  )
  return { checksum: whole.digest('hex'), chunks }
}

/** The pieces of each chunk. */
function groupPieces({ size, parts }: Bundle, sizes: ChunkSizes, isForReuse: boolean): Piece[][] {
  const groupLength = Math.max(1, Math.floor(sizes.target / (size / parts.length)))
  const groups: Piece[][] = []
  let group: Part[] = []
  let length = 0
  const close = () => {
    if (group.length > 0) groups.push(group.flatMap(part => part.pieces))
    group = []
    length = 0
  }
  for (const part of parts) {
    if ((part.key === '' && isForReuse) || length + part.size > sizes.max) close()
    if (part.size > sizes.max) {
      groups.push(...cutPart(part, sizes))
      continue
    }
    group.push(part)
    length += part.size
    if (isForReuse && endsGroup(part.key, groupLength)) close()
  }
  close()
  return groups
}

/** A part that is larger than a chunk may be. */
function cutPart(part: Part, sizes: ChunkSizes): Piece[][] {
  const groups: Piece[][] = []
  let head: Piece[] = []
  for (const piece of part.pieces) {
    const before = sizeOf(head)
    if (before + piece.length <= sizes.min) {
      head.push(piece)
      continue
    }
    const ends = Buffer.isBuffer(piece) ? [] : piece.ends
    let at = 0
    for (const cut of cutsOf(piece.length, ends, sizes, before)) {
      groups.push([...head, slice(piece, at, cut)])
      head = []
      at = cut
    }
  }
  return head.length > 0 ? [...groups, head] : groups
}

function slice(piece: Piece, from: number, to: number): Piece {
  if (Buffer.isBuffer(piece)) return piece.subarray(from, to)
  return { offset: piece.offset + from, length: to - from, ends: [] }
}
