import { createHash } from 'node:crypto'
import type { Bundle, Part, Piece } from './bundle.ts'
import type { Spill } from './bundle-spill.ts'
import { chunkSizes, cutPoints, endsGroup } from './chunks-cut.ts'

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

type Read = Spill['read']

/**
 * Cuts a bundle so that what did not change gives the chunks that the server already has: at the ends of entries, at
 * places that the entries' own names decide, and inside of large entries at places that their content decides. An
 * entry says nothing of its place; only the last part, manifest and central directory, changes with every build.
 *
 * Servers take chunks of any size up to `chunkSize`: they look each up by its SHA-1, append them in the order of the list
 * and compare the SHA-1 of the whole (getsentry/sentry, `assemble_from_file_blob_ids`: `offset += blob.size`).
 *
 * @param maxChunk in bytes
 * @param pieces about how many chunks; undefined for as few as can be, where all are sent anyway
 */
export async function cutBundle(
  bundle: Bundle,
  maxChunk: number,
  pieces: number | undefined,
  read: Read,
): Promise<ChunkedBundle> {
  const sizes = chunkSizes(bundle.size, maxChunk, pieces ?? 1)
  const groupLength = Math.max(1, Math.floor(sizes.target / (bundle.size / bundle.parts.length)))
  const whole = createHash('sha1')
  const chunks: Chunk[] = []

  async function emit(pieces: Piece[]): Promise<void> {
    const bytes = await readPieces(pieces, read)
    whole.update(bytes)
    chunks.push({ sha1: createHash('sha1').update(bytes).digest('hex'), size: bytes.length, pieces })
  }

  let group: Part[] = []
  let size = 0
  async function close(): Promise<void> {
    if (group.length > 0) await emit(group.flatMap(part => part.pieces))
    group = []
    size = 0
  }

  for (const part of bundle.parts) {
    if ((part.key === '' && pieces !== undefined) || size + part.size > sizes.max) await close()
    if (part.size > sizes.max) {
      for (const pieces of await cutPart(part, sizes, read)) await emit(pieces)
      continue
    }
    group.push(part)
    size += part.size
    if (pieces !== undefined && endsGroup(part.key, groupLength)) await close()
  }
  await close()
  return { checksum: whole.digest('hex'), chunks }
}

/** A part that is larger than a chunk may be. */
async function cutPart(part: Part, sizes: ReturnType<typeof chunkSizes>, read: Read): Promise<Piece[][]> {
  const cuts: Piece[][] = []
  let head: Piece[] = []
  for (const piece of part.pieces) {
    if (head.reduce((sum, { length }) => sum + length, piece.length) <= sizes.min) {
      head.push(piece)
      continue
    }
    let at = 0
    for (const cut of await cutPoints(piece.length, (from, length) => readPieces([slice(piece, from, length)], read), {
      ...sizes,
      max: sizes.max - sizes.min,
    })) {
      cuts.push([...head, slice(piece, at, cut - at)])
      head = []
      at = cut
    }
  }
  return head.length > 0 ? [...cuts, head] : cuts
}

function slice(piece: Piece, from: number, length: number): Piece {
  return Buffer.isBuffer(piece) ? piece.subarray(from, from + length) : { offset: piece.offset + from, length }
}

/** The bytes of a chunk. */
export async function readPieces(pieces: Piece[], read: Read): Promise<Buffer> {
  const parts: Buffer[] = []
  for (const piece of pieces) parts.push(Buffer.isBuffer(piece) ? piece : await read(piece.offset, piece.length))
  return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts)
}
