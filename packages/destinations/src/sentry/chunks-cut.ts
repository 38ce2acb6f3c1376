import { createHash } from 'node:crypto'
import { type CutSizes, cutPoint } from '@mapseal/core'

const smallest = 16 * 1024

/**
 * A power of two that gives about so many chunks: small enough for a change to resend little, large enough for few
 * requests. It moves only when a bundle doubles.
 */
export function chunkSizes(bundleSize: number, maxChunk: number, pieces: number): CutSizes {
  const wanted = Math.max(smallest, 2 ** Math.round(Math.log2(bundleSize / pieces)))
  const target = Math.min(wanted, maxChunk)
  return { min: Math.ceil(target / 4), target, max: Math.min(target * 4, maxChunk) }
}

/** Whether a chunk ends after the entry of this name: after one in `length`, whatever its neighbours are. */
export function endsGroup(key: string, length: number): boolean {
  return createHash('sha1').update(key).digest().readUInt32LE(0) % length === 0
}

/**
 * Cuts that the content decides.
 *
 * @returns ends of chunks, the last one `length`
 */
export async function cutPoints(
  length: number,
  read: (from: number, length: number) => Promise<Buffer>,
  sizes: CutSizes,
): Promise<number[]> {
  const cuts: number[] = []
  for (let at = 0; at < length; ) {
    const rest = Math.min(length - at, sizes.max)
    at += rest <= sizes.min ? rest : cutPoint(await read(at, rest), sizes)
    cuts.push(at)
  }
  return cuts
}
