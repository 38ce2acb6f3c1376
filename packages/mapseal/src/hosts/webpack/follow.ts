import { followChanges, rewrittenProblem } from '@mapseal/core'
import type { Sealed } from './sealing.ts'

/** Tells whether other plugins shifted a map, at a cost that does not depend on its size. */
export function printOf(map: Buffer): string {
  const start = map.indexOf('"mappings"')
  return `${map.length} ${map.toString('latin1', start, start + 256)}`
}

/**
 * The map of a script that other plugins have changed since it was stamped, such as by a banner. webpack itself only replaces
 * hashes by others of the same length.
 *
 * @param print of the map as it was taken
 * @param map as it fits the script that was stamped
 */
export function followStamped(
  { debugId, stamped }: Sealed,
  code: Buffer,
  { map, print }: { map: Buffer; print: string },
): { map?: Buffer; problem?: string } {
  if (!stamped || code.equals(bufferOf(stamped.code))) return { map }
  const followed = followChanges(map, stamped.code.toString(), code.toString(), debugId)
  // Who shifted the map did so without what is to be inserted.
  if (followed.map !== map && stamped.mapPrint !== print) return { problem: rewrittenProblem }
  return followed
}

function bufferOf(code: string | Buffer): Buffer {
  return typeof code === 'string' ? Buffer.from(code) : code
}
