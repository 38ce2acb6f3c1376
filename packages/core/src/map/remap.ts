import { objectStart } from './edit.ts'
import { emptyMap } from './empty.ts'
import { type Break, comparePlaces, minus, type Place, plus } from './place.ts'
import { remapRanges } from './remap-ranges.ts'
import { readSigned, writeSigned } from './vlq.ts'

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
 * `scopes` (ECMA-426) is left out, since its ranges are those of the code before.
 *
 * @param move never swaps two places
 * @param breaks what changed inside the code, in order; only `rangeMappings` need it
 * @param end where the moved code ends; what follows it leads nowhere
 * @throws SyntaxError where it is not a source map
 */
export function remapGenerated(
  map: Buffer,
  move: (from: Place) => Place,
  { breaks = [], end }: { breaks?: Break[] | undefined; end?: Place | undefined } = {},
): Buffer {
  const json = parse(map)
  if ('sections' in json) {
    const starts = json.sections.map(({ offset }) => offset)
    for (const [index, section] of json.sections.entries()) {
      const { offset } = section
      const [moved, next] = [move(offset), starts[index + 1]]
      const inside = breaks.filter(({ at }) => comparePlaces(at, offset) >= 0 && (!next || comparePlaces(at, next) < 0))
      const relative = inside.map(({ at, begins, resume }) => ({
        at: comparePlaces(at, offset) < 0 ? { line: 0, column: 0 } : minus(at, offset),
        begins: minus(begins, moved),
        resume: minus(resume, offset),
      }))
      remapRegular(section.map, from => minus(move(plus(offset, from)), moved), relative)
      section.offset = moved
    }
    if (end) json.sections.push({ offset: end, map: parse(emptyMap) as RegularMap })
  } else remapRegular(json, move, breaks, end)
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

/** The sections of an indexed map, each with its map as bytes; the map itself is one where it is not indexed. */
export function sectionsOf(map: Buffer): { offset: Place; map: Buffer }[] {
  const json = parse(map)
  if (!('sections' in json)) return [{ offset: { line: 0, column: 0 }, map }]
  return json.sections.map(({ offset, map }) => ({ offset, map: Buffer.from(JSON.stringify(map)) }))
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

function remapRegular(map: RegularMap, move: (from: Place) => Place, breaks: Break[], end?: Place): void {
  const { mappings, rangeMappings } = map
  if (typeof mappings !== 'string') throw new SyntaxError('"mappings" is not a string')
  if (rangeMappings) Object.assign(map, remapRanges({ mappings, rangeMappings }, move, breaks, end))
  else map.mappings = remapMappings(mappings, move, end)
  delete map.scopes
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
