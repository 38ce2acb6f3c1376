import type { Hold } from './body-memory.ts'

/**
 * Collects pieces into one block of bytes. A client may send single bytes, which as separate objects would take a hundred
 * times the memory.
 */
export interface Block {
  /** @throws HttpProblem 503 if there is no room */
  append(piece: Uint8Array): void
  size(): number
  /** All that was appended, not copied. */
  bytes(): Buffer
}

const smallest = 1024

export function createBlock(hold: Hold): Block {
  let block = Buffer.alloc(0)
  let size = 0

  function makeRoom(needed: number): void {
    if (needed <= block.length) return
    const length = Math.max(smallest, needed, 2 * block.length)
    hold.add(length - block.length)
    const grown = Buffer.allocUnsafeSlow(length)
    block.copy(grown, 0, 0, size)
    block = grown
  }

  return {
    append(piece) {
      makeRoom(size + piece.length)
      block.set(piece, size)
      size += piece.length
    },
    size: () => size,
    bytes: () => block.subarray(0, size),
  }
}
