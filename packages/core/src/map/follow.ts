import { isDeepStrictEqual } from 'node:util'
import { readTrailingComments } from '../inject/trailing-comments.ts'
import { align, lineStarts, placeAt } from './align.ts'
import { mappingsOf, type Place, remapGenerated } from './remap.ts'

export const rewrittenProblem = 'another tool rewrote it after it was sealed, and its source map no longer fits'

export const outdatedMapProblem = 'another plugin changed it after its source map had been made'

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

/**
 * Whether a map that others changed was not changed with the code: behind the first difference each place still leads where
 * it led before, or nowhere. Vite rebuilds maps for a change of its own, whatever a plugin has done to the code.
 */
export function isLeftBehind(map: Buffer, changed: Buffer, before: string, after: string): boolean {
  let offset = 0
  while (offset < before.length && before.charCodeAt(offset) === after.charCodeAt(offset)) offset++
  const difference = placeAt(lineStarts(before), offset)
  const old = mappingsOf(map)
  if (!old.some(mapping => isBehind(mapping, difference))) return false
  const now = mappingsOf(changed).filter(mapping => isBehind(mapping, difference))
  return now.slice(0, 8).every(mapping => {
    const same = old.filter(place => place.line === mapping.line && place.column <= mapping.column).at(-1)
    return isDeepStrictEqual(same?.original, mapping.original)
  })
}

function isBehind({ line, column }: Place, place: Place): boolean {
  return line > place.line || (line === place.line && column > place.column)
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
