import { followChanges, rewrittenProblem } from '@mapseal/core'
import type { Sealed } from './sealing.ts'

/** Tells whether other plugins shifted a map, at a cost that does not depend on its size. */
export function printOf(map: Buffer): string {
  const start = map.indexOf('"mappings"')
  return `${map.length} ${map.toString('latin1', start, start + 256)}`
}

/**
 * The map of a script that other plugins have changed since it was stamped, such as by a banner.
 *
 * @param code the bytes of `content`, the script as it ships
 * @param print of the map as it was taken
 * @param map as it fits the script that was stamped
 */
export function followStamped(
  { debugId, stamped, content }: Pick<Sealed, 'debugId' | 'stamped'> & { content: string | Buffer },
  code: Buffer,
  { map, print }: { map: Buffer; print: string },
): { map?: Buffer; problem?: string } {
  // Mostly the very text that was stamped, of which no copy is made then.
  if (!stamped || content === stamped.code || differsInWords(bufferOf(stamped.code), code)) return { map }
  const followed = followChanges(map, stamped.code.toString(), code.toString(), debugId)
  // Who shifted the map did so without what is to be inserted.
  if (followed.map !== map && stamped.mapPrint !== print) return { problem: rewrittenProblem }
  return followed
}

/**
 * Whether scripts are equal but for characters of words, so that every token stays at its place: webpack replaces hashes by others
 * of the same length, as many as there are chunks.
 */
function differsInWords(before: Buffer, after: Buffer): boolean {
  if (before.length !== after.length) return false
  if (before.equals(after)) return true
  return before.every((byte, at) => byte === after[at] || (isOfWord(byte) && isOfWord(after[at] as number)))
}

/** ASCII letters and digits, and the two more that hashes are written with. */
function isOfWord(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a) || byte === 0x5f || byte === 0x2d
  )
}

function bufferOf(code: string | Buffer): Buffer {
  return typeof code === 'string' ? Buffer.from(code) : code
}
