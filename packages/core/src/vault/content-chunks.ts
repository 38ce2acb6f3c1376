import { createHash } from 'node:crypto'

/** In bytes. */
export interface ChunkSizes {
  min: number
  /** How far beyond `min` a cut is on average; a power of two. */
  target: number
  max: number
}

/** Computed on first use: it would add a tenth to the time it takes to load this package. */
let gear: Uint32Array | undefined

/** Random, but the same for ever: other values would be other cuts. */
function makeGear(): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) =>
    createHash('sha256').update(`mapseal/gear/${byte}`).digest().readUInt32LE(0),
  )
}

/**
 * Where the first piece of `bytes` ends, by content (a gear hash, as in FastCDC): it depends on the 32 bytes before it, so
 * that text put in or taken out moves the cuts around it and no others.
 */
export function chunkEnd(bytes: Uint8Array, { min, target, max }: ChunkSizes): number {
  const end = Math.min(bytes.length, max)
  if (end <= min) return end
  // The high bits: they have seen the most bytes.
  const shift = 32 - Math.floor(Math.log2(target))
  gear ??= makeGear()
  let hash = 0
  for (let i = Math.max(0, min - 32); i < end; i++) {
    hash = ((hash << 1) + (gear[bytes[i] as number] as number)) | 0
    if (hash >>> shift === 0 && i >= min) return i + 1
  }
  return end
}
