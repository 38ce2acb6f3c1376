import { objectStart } from './edit.ts'
import { emptyMap } from './empty.ts'
import { readSigned, writeSigned } from './vlq.ts'

/** Line and column from 0, the column in UTF-16 units. */
export interface Place {
  line: number
  column: number
}

export interface RegularMap {
  mappings: string
  scopes?: string
  rangeMappings?: string
}

export interface IndexedMap {
  sections: { offset: Place; map: RegularMap }[]
}

/**
 * The map of code that was moved: each segment gets the place to which its own went, and leads where it led.
 * `scopes` (ECMA-426) is left out, since its ranges are those of the code before, and so is `rangeMappings`, since what
 * changed may lie inside a range: without it a mapping holds for its place alone.
 *
 * @param move never swaps two places
 * @param end where the moved code ends; what follows it leads nowhere
 * @throws SyntaxError where it is not a source map
 */
export function remapGenerated(map: Buffer, move: (from: Place) => Place, end?: Place): Buffer {
  const json = parse(map)
  if ('sections' in json) {
    for (const section of json.sections) {
      const { offset } = section
      const moved = move(offset)
      remapRegular(section.map, from => minus(move(plus(offset, from)), moved))
      section.offset = moved
    }
    if (end) json.sections.push({ offset: end, map: parse(emptyMap) as RegularMap })
  } else remapRegular(json, move, end)
  return Buffer.from(JSON.stringify(json))
}

/** A map for a file that holds the code of others: each at its place, and nothing in between. */
export function joinMaps(parts: { start: Place; end: Place; map: Buffer }[], debugId: string): Buffer {
  const sections = parts.flatMap(({ start, end, map }) => [
    { offset: start, map: parse(map) },
    { offset: end, map: parse(emptyMap) as RegularMap },
  ])
  return Buffer.from(JSON.stringify({ version: 3, debugId, debug_id: debugId, sections: sections.flatMap(flatten) }))
}

/** A section's map may not be an indexed one itself. */
function flatten(section: { offset: Place; map: RegularMap | IndexedMap }): IndexedMap['sections'] {
  const { offset, map } = section
  if (!('sections' in map)) return [{ offset, map }]
  return map.sections.map(inner => ({ offset: plus(offset, inner.offset), map: inner.map }))
}

function parse(map: Buffer): RegularMap | IndexedMap {
  return JSON.parse(map.toString('utf8', objectStart(map)))
}

function remapRegular(map: RegularMap, move: (from: Place) => Place, end?: Place): void {
  if (typeof map.mappings !== 'string') throw new SyntaxError('"mappings" is not a string')
  map.mappings = remapMappings(map.mappings, move, end)
  delete map.scopes
  delete map.rangeMappings
}

function remapMappings(mappings: string, move: (from: Place) => Place, end?: Place): string {
  const written = { text: '', line: 0, column: 0, isFirst: true }
  const write = ({ line, column }: Place, rest: string) => {
    if (line < written.line) throw new SyntaxError('the mappings do not ascend')
    if (line > written.line)
      Object.assign(written, { text: written.text + ';'.repeat(line - written.line), line, column: 0, isFirst: true })
    written.text += `${written.isFirst ? '' : ','}${writeSigned(column - written.column)}${rest}`
    written.column = column
    written.isFirst = false
  }
  for (const [line, segments] of mappings.split(';').entries()) {
    let column = 0
    for (const segment of segments === '' ? [] : segments.split(',')) {
      const delta = readSigned(Buffer.from(segment, 'latin1'), 0)
      if (delta.end < 0) throw new SyntaxError(`the mappings are broken on line ${line + 1}`)
      column += delta.value
      write(move({ line, column }), segment.slice(delta.end))
    }
  }
  if (end && (end.line > written.line || end.column > written.column)) write(end, '')
  return written.text
}

export function plus(offset: Place, { line, column }: Place): Place {
  return { line: offset.line + line, column: line === 0 ? offset.column + column : column }
}

function minus(place: Place, offset: Place): Place {
  const line = place.line - offset.line
  return { line, column: line === 0 ? place.column - offset.column : place.column }
}
