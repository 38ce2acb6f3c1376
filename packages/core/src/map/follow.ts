import { readTrailingComments } from '../inject/trailing-comments.ts'
import { align, lineStarts, placeAt } from './align.ts'
import { remapGenerated } from './remap.ts'

export const rewrittenProblem = 'another tool rewrote it after it was sealed, and its source map no longer fits'

/**
 * The map of a script for what another tool made of it, or why it no longer fits.
 *
 * @param debugId as it stands in the script
 */
export function followChanges(
  map: Buffer,
  before: string,
  after: string,
  debugId: string,
): { map?: Buffer; problem?: string } {
  const body = bodyOf(before)
  if (after.startsWith(body) && bodyOf(after).length === body.length) return { map }
  if (isPatched(body, bodyOf(after))) return { map }
  const place = align(body, after, debugId)
  if (!place) return { problem: rewrittenProblem }
  const end = after.length > place.end ? placeAt(lineStarts(after), place.end) : undefined
  return { map: remapGenerated(map, place.move, end) }
}

/** Without the comments at the end, which other tools strip or push on. */
export function bodyOf(code: string): string {
  return code.slice(0, readTrailingComments(code).bodyEnd)
}

/** Whether characters were only exchanged for as many others, as Vite does with placeholders: then nothing has moved. */
function isPatched(before: string, after: string): boolean {
  if (before.length !== after.length) return false
  let different = 0
  for (let at = 0; at < before.length; at++) {
    if (before.charCodeAt(at) === after.charCodeAt(at)) continue
    different += 1
    if (before[at] === '\n' || after[at] === '\n' || different > before.length / 10) return false
  }
  return true
}
