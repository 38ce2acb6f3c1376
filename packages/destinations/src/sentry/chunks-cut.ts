import { createHash } from 'node:crypto'

/** In bytes. */
export interface ChunkSizes {
  min: number
  target: number
  max: number
}

const smallest = 64 * 1024

/**
 * A power of two that gives about so many chunks: small enough for a change to resend little, large enough for few
 * requests. It moves only when a bundle doubles.
 */
export function chunkSizes(bundleSize: number, maxChunk: number, pieces: number): ChunkSizes {
  const wanted = Math.max(smallest, 2 ** Math.round(Math.log2(bundleSize / pieces)))
  const target = Math.min(wanted, maxChunk)
  return { min: Math.ceil(target / 4), target, max: Math.min(target * 4, maxChunk) }
}

/** Whether a chunk ends after the entry of this name: after one in `length`, whatever its neighbours are. */
export function endsGroup(key: string, length: number): boolean {
  return createHash('sha1').update(key).digest().readUInt32LE(0) % length === 0
}

/** Random, but the same for ever: other values would be other chunks. */
const gear = Uint32Array.from({ length: 256 }, (_, byte) =>
  createHash('sha256').update(`mapseal/gear/${byte}`).digest().readUInt32LE(0),
)

/**
 * Content-defined cuts (a gear hash, as in FastCDC): each depends on the 32 bytes before it, so that text put in or taken
 * out moves the cuts around it and no others.
 *
 * @returns ends of chunks, the last one `length`
 */
export async function cutPoints(
  length: number,
  read: (from: number, length: number) => Promise<Buffer>,
  sizes: ChunkSizes,
): Promise<number[]> {
  const cuts: number[] = []
  for (let at = 0; at < length; ) {
    const rest = Math.min(length - at, sizes.max)
    at += rest <= sizes.min ? rest : cutPoint(await read(at, rest), sizes)
    cuts.push(at)
  }
  return cuts
}

function cutPoint(bytes: Buffer, { min, target }: ChunkSizes): number {
  // The high bits: they have seen the most bytes.
  const shift = 32 - Math.floor(Math.log2(target))
  let hash = 0
  for (let i = Math.max(0, min - 32); i < bytes.length; i++) {
    hash = ((hash << 1) + (gear[bytes[i] as number] as number)) | 0
    if (hash >>> shift === 0 && i >= min) return i + 1
  }
  return bytes.length
}
