import { objectStart } from '../edit.ts'
import { pickMembers } from '../json-scan.ts'
import type { Segment } from './mappings.ts'
import type { RegularMap } from './regular.ts'
import { createRegularMap } from './regular.ts'
import { createSections } from './sections.ts'

/** A segment, and the map that its source and name are indices into. */
export interface Place {
  map: RegularMap
  segment: Segment
  /** The position inside that map, which for a section is not the one in the file. Lines and columns from 0. */
  line: number
  column: number
}

export interface OpenMap {
  /** What {@link Mappings.find} says, in the section that covers the position. Lines and columns from 0. */
  find(line: number, column: number): Place | 'none' | 'unmapped'
  /** How many segments there are, in all sections. */
  count(): number
  /** Visits all segments, each with the map that its source is an index into. */
  each(visit: VisitPlace): void
  /** Bytes held, those of the map among them. */
  readonly size: number
}

const FIELDS = [
  'sections',
  'mappings',
  'rangeMappings',
  'sources',
  'sourceRoot',
  'sourcesContent',
  'names',
  'ignoreList',
  'x_google_ignoreList',
  'scopes',
]

/** Real index maps have one level; the standard allows no more. */
const DEEPEST = 4

/**
 * A source map as its bytes: the structure is scanned, nothing is parsed until a look-up needs it.
 *
 * @param path of the generated file; sources are relative to it
 * @throws SyntaxError where it is not a source map
 */
export function openMap(json: Buffer, path: string): OpenMap {
  const { size, ...inner } = openAt(json, objectStart(json), path, 0)
  return {
    ...inner,
    get size() {
      return json.length + size()
    },
  }
}

/** @param source -1 where the code has no original. Lines and columns from 0, in the file */
export type VisitPlace = (map: RegularMap, line: number, column: number, source: number) => void

export interface Inner {
  each(visit: VisitPlace): void
  find(line: number, column: number): Place | 'none' | 'unmapped'
  count(): number
  size(): number
}

function openAt(json: Buffer, at: number, path: string, depth: number): Inner {
  const fields = pickMembers(json, at, FIELDS)
  const sections = fields.get('sections')
  if (sections) {
    if (depth >= DEEPEST) throw new SyntaxError(`sections lie more than ${DEEPEST} deep`)
    return createSections(json, sections.start, inner => openAt(json, inner, path, depth + 1))
  }
  if (!fields.has('mappings')) throw new SyntaxError('it has neither "mappings" nor "sections"')
  const map = createRegularMap(json, fields, path)
  return {
    find(line, column) {
      const segment = map.mappings.find(line, column)
      return typeof segment === 'string' ? segment : { map, segment, line, column }
    },
    count: () => map.mappings.count(),
    each: visit => map.mappings.each((line, column, source) => visit(map, line, column, source)),
    size: () => map.size,
  }
}
