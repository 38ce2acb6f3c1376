import { reason } from '../errors.ts'
import { normalizeDebugId } from '../inject/debug-id.ts'
import type { Insertion } from '../inject/inject.ts'
import { cutRange } from './edit-ranges.ts'
import { shiftScopes } from './edit-scopes.ts'
import { elements, fieldsAt, type Member } from './json-scan.ts'
import type { Splice } from './splice.ts'
import { readSigned, writeSigned } from './vlq.ts'

export interface MapEdit {
  /** What was inserted into the generated file. */
  insertion?: Insertion | undefined
  /** Written as `debugId` (ECMA-426) and `debug_id` (what Sentry reads), in place of what was there. */
  debugId?: string | undefined
}

/** A map whose members have been found, once for all that is to be done with it; no value is parsed. */
export interface OpenMap {
  /** What a tool wrote into it, if any. */
  debugId: string | undefined
  /**
   * The edited map, or the map as it is and why it could not be edited: nothing is lost for being malformed.
   *
   * @param room a buffer that begins with the map and goes on: if the result fits, it is made there, without a copy
   */
  edit(edit: MapEdit, room?: Buffer): { map: Buffer; problem?: string }
}

export function openMap(map: Buffer): OpenMap {
  const malformed = (cause: unknown) => ({ map, problem: `its source map is malformed (${reason(cause)})` })
  try {
    const start = objectStart(map)
    const fields = fieldsAt(map, start)
    return {
      debugId: idIn(map, fields),
      edit(edit, room) {
        try {
          return { map: splice(map, start, fields, edit, room) }
        } catch (cause) {
          return malformed(cause)
        }
      },
    }
  } catch (cause) {
    return { debugId: undefined, edit: () => malformed(cause) }
  }
}

/**
 * The same map with a few bytes spliced; nothing is parsed and nothing re-encoded.
 *
 * @throws SyntaxError if it is not JSON
 */
export function editMap(map: Buffer, edit: MapEdit): Buffer {
  const start = objectStart(map)
  return splice(map, start, fieldsAt(map, start), edit)
}

/** As {@link OpenMap} does it. */
export function editMapOrKeep(map: Buffer, edit: MapEdit, room?: Buffer): { map: Buffer; problem?: string } {
  return openMap(map).edit(edit, room)
}

function splice(map: Buffer, start: number, fields: Map<string, Member>, edit: MapEdit, room?: Buffer): Buffer {
  const { insertion, debugId } = edit
  if (!fields.has('mappings') && !fields.has('sections'))
    throw new SyntaxError('it has neither "mappings" nor "sections"')
  const splices = insertion ? shiftFields(map, fields, insertion.line - 1, insertion.column, insertion.length) : []
  if (debugId) splices.push(...stampFields(fields, start, debugId))
  return (room && applyInside(room, map.length, splices)) ?? apply(map, splices)
}

/** The `mappings` string alone, for a map that a bundler holds as an object. */
export function shiftMappingsText(mappings: string, { line, column, length }: Insertion): string {
  const bytes = Buffer.from(mappings, 'latin1')
  return apply(bytes, shiftMappings(bytes, 0, bytes.length, line - 1, column, length)).toString('latin1')
}

/** The debug ID that a tool wrote into a map, if any; `undefined` also for what is not a map. */
export function readMapId(map: Buffer): string | undefined {
  return openMap(map).debugId
}

function idIn(map: Buffer, fields: Map<string, Member>): string | undefined {
  for (const key of ['debug_id', 'debugId']) {
    const field = fields.get(key)
    const id = field && normalizeDebugId(map.toString('latin1', field.start + 1, field.end - 1))
    if (id) return id
  }
  return undefined
}

/** After a BOM and the `)]}'` line that some servers put before JSON. */
export function objectStart(map: Buffer): number {
  const at = map.indexOf('{')
  const before = map.toString('latin1', 0, Math.max(at, 0))
  if (at < 0 || !/^(?:\xef\xbb\xbf)?(?:\)\]\}'[^\n]*\n)?\s*$/.test(before))
    throw new SyntaxError('it is not a JSON object')
  return at
}

function shiftFields(map: Buffer, fields: Map<string, Member>, line: number, column: number, by: number): Splice[] {
  const sections = fields.get('sections')
  if (sections) return shiftSections(map, sections.start, line, column, by)
  const splices: Splice[] = []
  const mappings = fields.get('mappings')
  const ranges = fields.get('rangeMappings')
  if (mappings && map[mappings.start] === 0x22) {
    const inside = { start: mappings.start + 1, end: mappings.end - 1 }
    const cut =
      ranges && map[ranges.start] === 0x22
        ? cutRange(map, inside, { start: ranges.start + 1, end: ranges.end - 1 }, { line, column, by })
        : undefined
    splices.push(...(cut ?? shiftMappings(map, inside.start, inside.end, line, column, by)))
  }
  const scopes = fields.get('scopes')
  if (scopes && map[scopes.start] === 0x22)
    splices.push(...shiftScopes(map, scopes.start + 1, scopes.end - 1, line, column, by))
  return splices
}

/** Sections that begin later on the line move whole; the one that covers the place is edited inside. */
function shiftSections(map: Buffer, at: number, line: number, column: number, by: number): Splice[] {
  const splices: Splice[] = []
  let covering: { map: number; line: number; column: number } | undefined
  for (const element of elements(map, at)) {
    const section = fieldsAt(map, element)
    const offset = section.get('offset')
    const inner = section.get('map')
    if (!offset || !inner) throw new SyntaxError('a section lacks its offset or its map')
    const place = fieldsAt(map, offset.start)
    const [from, fromColumn] = [numberOf(map, place.get('line')), numberOf(map, place.get('column'))]
    if (from > line) break
    if (from === line && fromColumn >= column) {
      const { start, end } = place.get('column') as Member
      splices.push({ start, end, text: String(fromColumn + by) })
    } else covering = { map: inner.start, line: from, column: fromColumn }
  }
  if (!covering) return splices
  const fields = fieldsAt(map, covering.map)
  const innerColumn = covering.line === line ? column - covering.column : column
  return [...shiftFields(map, fields, line - covering.line, innerColumn, by), ...splices]
}

function numberOf(map: Buffer, member: Member | undefined): number {
  const value = member ? Number(map.toString('latin1', member.start, member.end)) : Number.NaN
  if (!Number.isInteger(value)) throw new SyntaxError('the offset of a section is not a pair of integers')
  return value
}

/** Columns are deltas along a line, so only the first segment at or after the insertion changes. */
function shiftMappings(map: Buffer, start: number, end: number, line: number, column: number, by: number): Splice[] {
  let at = start
  for (let i = 0; i < line; i++) {
    const next = map.indexOf(0x3b, at)
    if (next < 0 || next >= end) return []
    at = next + 1
  }
  let generated = 0
  while (at < end && map[at] !== 0x3b) {
    if (map[at] === 0x2c) at += 1
    const delta = readSigned(map, at)
    if (delta.end < 0 || delta.end > end) throw new SyntaxError(`the mappings are broken at byte ${at}`)
    generated += delta.value
    if (generated >= column) return [{ start: at, end: delta.end, text: writeSigned(delta.value + by) }]
    at = delta.end
    while (at < end && map[at] !== 0x2c && map[at] !== 0x3b) at += 1
  }
  return []
}

function stampFields(fields: Map<string, Member>, start: number, debugId: string): Splice[] {
  const splices: Splice[] = []
  let missing = ''
  for (const key of ['debugId', 'debug_id']) {
    const field = fields.get(key)
    if (field) splices.push({ start: field.start, end: field.end, text: `"${debugId}"` })
    else missing += `"${key}":"${debugId}",`
  }
  return missing ? [{ start: start + 1, end: start + 1, text: missing }, ...splices] : splices
}

function apply(bytes: Buffer, splices: Splice[]): Buffer {
  if (splices.length === 0) return bytes
  const parts: Buffer[] = []
  let at = 0
  for (const { start, end, text } of splices.sort((a, b) => a.start - b.start)) {
    parts.push(bytes.subarray(at, start), Buffer.from(text, 'latin1'))
    at = end
  }
  return Buffer.concat([...parts, bytes.subarray(at)])
}

/** From the end, so that nothing is overwritten before it has moved. Undefined where there is too little room. */
function applyInside(room: Buffer, length: number, splices: Splice[]): Buffer | undefined {
  let size = splices.reduce((sum, { start, end, text }) => sum + text.length - (end - start), length)
  if (size > room.length || splices.some(({ start, end, text }) => text.length < end - start)) return undefined
  const whole = room.subarray(0, size)
  let tail = length
  for (const { start, end, text } of splices.sort((a, b) => b.start - a.start)) {
    size -= tail - end
    room.copyWithin(size, end, tail)
    size -= text.length
    room.write(text, size, 'latin1')
    tail = start
  }
  return whole
}
