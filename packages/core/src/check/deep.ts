import type { MappingItem } from 'source-map'
import { MapsealError, reason } from '../errors.ts'
import type { OpenMap, Place } from '../map/read/open.ts'
import { openMap } from '../map/read/open.ts'
import type { JsonObject } from '../map/validate/fields.ts'
import { isJsonObject } from '../map/validate/fields.ts'
import { parseMap } from '../map/validate/parse.ts'
import type { Bytes } from '../types.ts'

type IndependentReader = typeof import('source-map').SourceMapConsumer

/** What two readers make of one source map. */
export interface MapComparison {
  /** How many the independent reader found. */
  mappings: number
  differences: MapDifference[]
}

export type CompareMap = (map: Bytes) => Promise<MapComparison>

export interface MapDifference {
  /** In the generated file: the line from 1, the column from 0. Absent where it is about the map as a whole. */
  at?: { line: number; column: number }
  /** For people. */
  message: string
}

/**
 * Mozilla's `source-map`, which shares no code with Mapseal. An optional install: few need a second opinion, and its
 * WebAssembly would come with every install.
 *
 * @throws MapsealError that says what to install
 */
async function loadReader(): Promise<IndependentReader> {
  const advice = 'Run `npm install --save-dev source-map@0.8`.'
  const loaded = await import('source-map').catch(cause => {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause
    const message = `Mozilla's source-map, which reads the maps a second time, is not installed. ${advice}`
    throw new MapsealError('check', message, { cause })
  })
  const { SourceMapConsumer } = loaded
  if (typeof SourceMapConsumer.with === 'function') return SourceMapConsumer
  throw new MapsealError('check', `The source-map that is installed is too old to read maps a second time. ${advice}`)
}

/** Opens the independent reader once, for all maps of a check. @throws MapsealError where it is not installed */
export async function createMapComparison(): Promise<CompareMap> {
  const reader = await loadReader()
  return map => compareReaders(map, reader)
}

/** Looks up each mapping that the independent reader finds in our own, and compares how many there are. */
async function compareReaders(bytes: Bytes, reader: IndependentReader): Promise<MapComparison> {
  const found: MapComparison = { mappings: 0, differences: [] }
  try {
    const json = parseMap(bytes)
    if (!isJsonObject(json)) throw new SyntaxError('it is not a JSON object')
    const ours = openMap(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), '')
    await reader.with(numbered(json) as never, null, theirs => {
      const positions = groupPositions(mappings => found.differences.push(...differenceAt(mappings, ours)))
      theirs.eachMapping(mapping => {
        found.mappings += 1
        positions.add(mapping)
      })
      positions.end()
    })
    const count = ours.count()
    if (count !== found.mappings)
      found.differences.push({ message: `source-map reads ${found.mappings} mappings, Mapseal ${count}` })
  } catch (cause) {
    found.differences.push({ message: `the two readers cannot be compared: ${reason(cause)}` })
  }
  return found
}

/** Sources by number: each reader has its own way to resolve their names. */
function numbered(map: JsonObject): JsonObject {
  const { sourceRoot: _, ...rest } = map
  if (Array.isArray(map.sections)) {
    const sections = map.sections.map(section => ({ ...section, map: numbered(section.map) }))
    return { ...rest, sections }
  }
  return { ...rest, sources: Array.isArray(map.sources) ? map.sources.map((_, index) => String(index)) : [] }
}

/** Hands over the mappings of one generated position at a time; they come in this order. */
function groupPositions(onPosition: (mappings: MappingItem[]) => void): {
  add(mapping: MappingItem): void
  end(): void
} {
  let group: MappingItem[] = []
  const end = () => {
    if (group.length > 0) onPosition(group)
    group = []
  }
  return {
    add(mapping) {
      const [first] = group
      if (first?.generatedLine !== mapping.generatedLine || first.generatedColumn !== mapping.generatedColumn) end()
      group.push(mapping)
    },
    end,
  }
}

/** Compares all mappings at one position with ours, since a look-up returns only one of them. */
function differenceAt(theirs: MappingItem[], ours: OpenMap): MapDifference[] {
  const { generatedLine, generatedColumn } = theirs[0] as MappingItem
  const place = ours.find(generatedLine - 1, generatedColumn)
  const answer = ourAnswer(place)
  if (theirs.some(mapping => theirAnswer(mapping) === answer)) return []
  const [expected = ''] = theirs.map(theirAnswer)
  return [
    {
      at: { line: generatedLine, column: generatedColumn },
      message: `source-map reads ${shown(expected, place)}, Mapseal ${shown(answer, place)}`,
    },
  ]
}

/** Source, line, column and name as one text. */
function theirAnswer({ source, originalLine, originalColumn, name }: MappingItem): string {
  if (source === null || source === undefined) return 'no original'
  return `${source}:${originalLine}:${(originalColumn ?? 0) + 1} ${name ?? ''}`
}

function ourAnswer(place: Place | 'none' | 'unmapped'): string {
  if (place === 'unmapped') return 'no original'
  if (place === 'none') return 'nothing'
  const { segment, map } = place
  if (!segment.isExact) return 'nothing'
  const name = segment.name === undefined ? '' : (map.name(segment.name) ?? '')
  return `${segment.source}:${segment.line + 1}:${segment.column + 1} ${name}`
}

function shown(answer: string, place: Place | 'none' | 'unmapped'): string {
  const [, source, rest] = /^(\d+)(:.*)$/s.exec(answer) ?? []
  if (source === undefined) return answer
  const name = typeof place === 'string' ? undefined : place.map.source(Number(source))
  return `${name ?? `source ${source}`}${rest}`.trim()
}
