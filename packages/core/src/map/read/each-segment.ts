import { readSigned } from '../vlq.ts'

/** @param source -1 where the code has no original. Lines and columns from 0 */
export type Visit = (line: number, column: number, source: number) => void

const COMMA = 0x2c
const SEMICOLON = 0x3b

/** Visits the segments of mappings in their order. @throws SyntaxError where they are broken */
export function eachSegment(bytes: Uint8Array, start: number, end: number, visit: Visit): void {
  let line = 0
  let column = 0
  let source = 0
  let fields = 0
  for (let at = start; at <= end; at++) {
    const byte = at < end ? bytes[at] : COMMA
    if (byte === COMMA || byte === SEMICOLON) {
      if (fields > 0) visit(line, column, fields > 1 ? source : -1)
      fields = 0
      if (byte === COMMA) continue
      line++
      column = 0
      continue
    }
    const number = readSigned(bytes, at)
    if (number.end < 0 || number.end > end) throw new SyntaxError(`the mappings are broken at byte ${at}`)
    if (fields === 0) column += number.value
    else if (fields === 1) source += number.value
    fields++
    at = number.end - 1
  }
}
