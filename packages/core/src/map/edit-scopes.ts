import type { Splice } from './splice.ts'
import { readUnsigned, writeUnsigned } from './vlq.ts'

const rangeStart = 4
const rangeEnd = 5
const subRangeBinding = 7

/**
 * Moves the generated ranges of a map's `scopes` field (ECMA-426 "Scopes", stage 3) past an insertion. Positions are
 * deltas: within a line, the first at or after the insertion carries all that follow it. Original scopes, which come
 * first in the field, and bindings by index are left alone.
 *
 * @param line from 0
 */
export function shiftScopes(
  map: Buffer,
  start: number,
  end: number,
  line: number,
  column: number,
  by: number,
): Splice[] {
  const splices: Splice[] = []
  const range = { line: 0, column: 0 }
  let isShifted = false
  for (let at = start; at < end; ) {
    const comma = map.indexOf(0x2c, at)
    const itemEnd = comma < 0 || comma > end ? end : comma
    const [tag, ...fields] = numbers(map, at, itemEnd)
    const item = { tag: tag?.value, fields }
    if (item.tag === rangeStart || item.tag === rangeEnd) {
      const [lineField, columnField] = positionFields(item.tag, fields)
      if (!columnField) throw new SyntaxError(`the scopes are broken at byte ${at}`)
      if (lineField?.value) Object.assign(range, { line: range.line + lineField.value, column: 0 })
      range.column += columnField.value
      const isBehind = item.tag === rangeStart ? range.column >= column : range.column > column
      if (!isShifted && range.line === line && isBehind) {
        splices.push({ ...columnField, text: writeUnsigned(columnField.value + by) })
        isShifted = true
      }
    } else if (item.tag === subRangeBinding) {
      splices.push(...shiftSubRanges(fields.slice(1), range, isShifted, line, column, by))
    }
    at = itemEnd + 1
  }
  return splices
}

/** Triples of line, column and binding; the first is relative to its range's start, each further one to the one before. */
function shiftSubRanges(
  fields: Field[],
  range: { line: number; column: number },
  isRangeShifted: boolean,
  line: number,
  column: number,
  by: number,
): Splice[] {
  if (isRangeShifted && range.line === line) return []
  const place = { ...range }
  for (let i = 0; i + 1 < fields.length; i += 3) {
    const [lineField, columnField] = [fields[i] as Field, fields[i + 1] as Field]
    if (lineField.value) Object.assign(place, { line: place.line + lineField.value, column: 0 })
    place.column += columnField.value
    if (place.line === line && place.column >= column)
      return [{ ...columnField, text: writeUnsigned(columnField.value + by) }]
  }
  return []
}

interface Field {
  value: number
  start: number
  end: number
}

/** A start has flags, of which the lowest says that a line follows; an end has a line only if it has two numbers. */
function positionFields(tag: number, fields: Field[]): [line: Field | undefined, column: Field | undefined] {
  if (tag === rangeEnd) return fields.length > 1 ? [fields[0], fields[1]] : [undefined, fields[0]]
  const hasLine = ((fields[0]?.value ?? 0) & 1) === 1
  return hasLine ? [fields[1], fields[2]] : [undefined, fields[1]]
}

function numbers(map: Buffer, start: number, end: number): Field[] {
  const found: Field[] = []
  for (let at = start; at < end; ) {
    const number = readUnsigned(map, at)
    if (number.end < 0 || number.end > end) throw new SyntaxError(`the scopes are broken at byte ${at}`)
    found.push({ value: number.value, start: at, end: number.end })
    at = number.end
  }
  return found
}
