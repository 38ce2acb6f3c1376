import type { Place } from './place.ts'
import { readSigned, writeSigned } from './vlq.ts'

/** A segment: its place, and the fields after the column, none of which is relative to another segment. */
export interface Segment extends Place {
  fields: number[]
}

/** In their order. @throws SyntaxError where the mappings are broken */
export function* segmentsOf(mappings: string): Iterable<Segment> {
  const bytes = Buffer.from(mappings, 'latin1')
  const fields = [0, 0, 0, 0]
  let line = 0
  let column = 0
  for (let at = 0; at < bytes.length; ) {
    if (bytes[at] === semicolon) {
      line += 1
      column = 0
    }
    if (bytes[at] === semicolon || bytes[at] === comma) {
      at += 1
      continue
    }
    const values: number[] = []
    while (at < bytes.length && bytes[at] !== semicolon && bytes[at] !== comma) {
      const { value, end } = readSigned(bytes, at)
      if (end < 0) throw new SyntaxError(`the mappings are broken at byte ${at}`)
      values.push(value)
      at = end
    }
    const [move = 0, ...rest] = values
    column += move
    for (const [index, delta] of rest.entries()) fields[index] = (fields[index] ?? 0) + delta
    yield { line, column, fields: fields.slice(0, rest.length) }
  }
}

const comma = 0x2c
const semicolon = 0x3b

/** The mappings of segments in their order. */
export function segmentsText(segments: Iterable<Segment>): string {
  const last = [0, 0, 0, 0]
  let [line, column, isFirst] = [0, 0, true]
  let text = ''
  for (const segment of segments) {
    if (segment.line > line)
      [text, line, column, isFirst] = [text + ';'.repeat(segment.line - line), segment.line, 0, true]
    text += `${isFirst ? '' : ','}${writeSigned(segment.column - column)}`
    for (const [index, value] of segment.fields.entries()) {
      text += writeSigned(value - (last[index] ?? 0))
      last[index] = value
    }
    column = segment.column
    isFirst = false
  }
  return text
}
