import { readTrailingComments } from '../inject/trailing-comments.ts'
import { align, lineStarts, placeAt } from './align.ts'
import { type Mapping, mappingsOf } from './mappings-of.ts'
import type { Place } from './place.ts'
import { remapGenerated } from './remap.ts'

export const rewrittenProblem = 'another tool rewrote it after it was sealed, and its source map no longer fits'

export const outdatedMapProblem = 'another plugin changed it after its source map had been made'

/** A script with its map. */
interface Mapped {
  code: string
  map: Buffer
}

/** The map of a script for what it has become, or why there is none. */
export interface Followed {
  map?: Buffer
  problem?: string
}

/**
 * The map of a script for what another tool made of it, or why it no longer fits.
 *
 * @param debugId as it stands in the script
 */
export function followChanges(map: Buffer, before: string, after: string, debugId: string): Followed {
  const body = bodyOf(before)
  if (after.startsWith(body) && bodyOf(after).length === body.length) return { map }
  if (isPatched(body, bodyOf(after))) return { map }
  const place = align(body, after, debugId)
  if (!place) return { problem: rewrittenProblem }
  const end = after.length > place.end ? placeAt(lineStarts(after), place.end) : undefined
  return { map: remapGenerated(map, place.move, { breaks: place.breaks, end }) }
}

/**
 * As {@link followChanges}, where the map was changed too: by the tool that changed the code, or by one that knew nothing of
 * that. Vite makes the maps of some scripts anew from those it has, whatever a plugin has done to the code. Where the code
 * is found again, the old map moved with it is right; the changed one is as good if it agrees, and may say more.
 */
export function followBoth(before: Mapped, after: Mapped, debugId: string): Followed {
  const followed = followChanges(before.map, before.code, after.code, debugId)
  const now = mappingsOf(after.map)
  if (followed.map) return agree(now, mappingsOf(followed.map)) ? { map: after.map } : followed
  const difference = firstDifference(before.code, after.code)
  const behind = now.filter(mapping => isBehind(mapping, difference))
  // Each place behind the change leads where it led before.
  return agree(behind, mappingsOf(before.map)) ? followed : { map: after.map }
}

/** Words that were put in may lead anywhere. */
const mostOthers = 0.1

/** Whether mappings lead where those before or at the same place do. All are in order. */
function agree(mappings: Mapping[], others: Mapping[]): boolean {
  let at = 0
  let equal = 0
  const mapped = mappings.filter(({ original }) => original !== undefined)
  for (const { line, column, original } of mapped) {
    while (at + 1 < others.length && !isBehind(others[at + 1] as Mapping, { line, column })) at++
    const other = others[at]
    if (other?.line === line && other.column <= column && isSame(original, other.original)) equal++
  }
  return equal > 0 && equal >= mapped.length * (1 - mostOthers)
}

function isSame(a: Place | undefined, b: Place | undefined): boolean {
  return a?.line === b?.line && a?.column === b?.column
}

function firstDifference(before: string, after: string): Place {
  let offset = 0
  while (offset < before.length && before.charCodeAt(offset) === after.charCodeAt(offset)) offset++
  return placeAt(lineStarts(before), offset)
}

function isBehind({ line, column }: Place, place: Place): boolean {
  return line > place.line || (line === place.line && column > place.column)
}

/** Within so little of a line, a place that has moved still leads to the same statement. In UTF-16 units. */
const shortRest = 300

/** Whether places in the code have become others; what was put behind it or taken from its end moves none. */
export function movesCode(before: string, after: string): boolean {
  if (after.startsWith(before) || before.startsWith(after)) return false
  const now = after.split('\n')
  return before.split('\n').some((line, at) => movesPlaces(line, now[at] ?? ''))
}

/** Whether lines have become others: what a change on a line, or behind the last, leaves where it was does not count. */
export function movesLines(before: string, after: string): boolean {
  if (after.startsWith(before)) return false
  const [then, now] = [before.split('\n'), after.split('\n')]
  if (then.length === now.length) return false
  const shorter = Math.min(then.length, now.length)
  let same = 0
  while (same < shorter && then[same] === now[same]) same++
  // What follows the first line that was changed has moved.
  return then.slice(same + 1).some(line => line.trim() !== '')
}

/** Whether a line is another one, or places in it have become others. */
function movesPlaces(before: string, after: string): boolean {
  if (before === after) return false
  const shorter = Math.min(before.length, after.length)
  let same = 0
  while (same < shorter && before.charCodeAt(same) === after.charCodeAt(same)) same++
  let end = 0
  while (
    end < shorter - same &&
    before.charCodeAt(before.length - 1 - end) === after.charCodeAt(after.length - 1 - end)
  )
    end++
  if (same + end < before.length / 2) return true
  return before.length !== after.length && before.length - same > shortRest
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
