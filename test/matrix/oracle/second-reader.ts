import { type MappingItem, SourceMapConsumer } from 'source-map'
import type { Files } from '../types.ts'
import { isSame, type Mapping, mappingsOf, type RawMap, show } from './mappings.ts'

/** Whether Mozilla's reader finds in each map the mappings that the oracle compares, every one of them. */
export async function checkSecondReader(maps: Files): Promise<string[]> {
  const problems: string[] = []
  for (const [path, bytes] of maps) {
    const problem = await compareReaders(JSON.parse(bytes.toString()) as RawMap)
    if (problem !== undefined) problems.push(`I3 ${path}: ${problem}`)
  }
  return problems
}

/** @returns the first difference between the two readers */
export async function compareReaders(map: RawMap): Promise<string | undefined> {
  return findDifference(mappingsOf(numbered(map)), await mozillaMappings(numbered(map)))
}

/** In the order of generated positions, which is Mozilla's. */
export function findDifference(oracle: Iterable<Mapping>, mozilla: Iterable<Mapping>): string | undefined {
  const [ours, theirs] = [sorted(oracle), sorted(mozilla)]
  const length = Math.max(ours.length, theirs.length)
  for (let index = 0; index < length; index++) {
    const [our, their] = [ours[index], theirs[index]]
    if (our && their && isSame(our, their)) continue
    return `mapping ${index} is ${our ? show(our) : 'missing'}, and ${their ? show(their) : 'missing'} by source-map`
  }
  return undefined
}

/** Its names of sources are resolved, and the oracle's are not. */
function numbered({ sourceRoot: _, ...map }: RawMap): RawMap {
  const sections = map.sections?.map(section => ({ ...section, map: numbered(section.map) }))
  return sections ? { ...map, sections } : { ...map, sources: (map.sources ?? []).map((_, index) => String(index)) }
}

function mozillaMappings(map: RawMap): Promise<Mapping[]> {
  return SourceMapConsumer.with(map as never, null, consumer => {
    const mappings: Mapping[] = []
    consumer.eachMapping(item => void mappings.push(toMapping(item)))
    return mappings
  })
}

function toMapping({
  generatedLine,
  generatedColumn,
  source,
  originalLine,
  originalColumn,
  name,
}: MappingItem): Mapping {
  const mapping: Mapping = [generatedLine - 1, generatedColumn]
  if (source === null) return mapping
  mapping.push(source, (originalLine ?? 0) - 1, originalColumn ?? 0)
  if (name !== null) mapping.push(name)
  return mapping
}

/** Mappings at one position have no order of their own. */
function sorted(mappings: Iterable<Mapping>): Mapping[] {
  return [...mappings].sort(([line, column, ...a], [otherLine, otherColumn, ...b]) => {
    const byPosition = line - otherLine || column - otherColumn
    return byPosition || (String(a) < String(b) ? -1 : 1)
  })
}
