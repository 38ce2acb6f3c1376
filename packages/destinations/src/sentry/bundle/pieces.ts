import type { Spill } from './spill.ts'

/** Bytes of a bundle: at hand, or a range of the spill, which may be cut where `ends` says. */
export type Piece = Buffer | { offset: number; length: number; ends: number[] }

const blockSize = 256 * 1024

/**
 * Their bytes, in blocks of 256 KB, however small the pieces are.
 *
 * @param allocate gives the memory of a block; where it is the same each time, a block is good until the next is asked for
 */
export function* blocksOf(
  pieces: Piece[],
  read: Spill['read'],
  allocate: (size: number) => Buffer = Buffer.allocUnsafe,
): Generator<Buffer> {
  let left = sizeOf(pieces)
  let block = allocate(Math.min(blockSize, left))
  let filled = 0
  for (const piece of pieces) {
    for (let at = 0; at < piece.length; ) {
      const room = block.subarray(filled, filled + piece.length - at)
      if (Buffer.isBuffer(piece)) piece.copy(room, 0, at)
      else read(piece.offset + at, room)
      at += room.length
      filled += room.length
      if (filled < block.length) continue
      yield block
      left -= filled
      filled = 0
      if (left > 0) block = allocate(Math.min(blockSize, left))
    }
  }
}

export function sizeOf(pieces: Piece[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0)
}
