import { objectStart } from './edit.ts'
import type { IndexedMap, RegularMap } from './remap.ts'
import { type Segment, segmentsOf, segmentsText } from './segments.ts'

type Sourced = RegularMap & { sources?: (string | null)[]; sourceRoot?: string }

/**
 * The map without the originals of some sources: what leads to them leads nowhere.
 *
 * @param isDropped gets each name with the map's `sourceRoot`
 * @returns undefined where the map has none of them
 * @throws SyntaxError where it is not a source map
 */
export function withoutSources(map: Buffer, isDropped: (source: string) => boolean): Buffer | undefined {
  const json = JSON.parse(map.toString('utf8', objectStart(map))) as Sourced | IndexedMap
  const maps = 'sections' in json ? json.sections.map(section => section.map as Sourced) : [json]
  let hasDropped = false
  for (const part of maps) {
    const { sources = [], sourceRoot = '' } = part
    const dropped = new Set(sources.flatMap((name, index) => (isDropped(`${sourceRoot}${name}`) ? [index] : [])))
    if (dropped.size === 0) continue
    hasDropped = true
    part.mappings = withoutIndexes(part.mappings, dropped)
  }
  return hasDropped ? Buffer.from(JSON.stringify(json)) : undefined
}

/** The number of segments stays, which `rangeMappings` count. */
function withoutIndexes(mappings: string, dropped: Set<number>): string {
  const isDropped = ({ fields: [source] }: Segment) => source !== undefined && dropped.has(source)
  const segments = [...segmentsOf(mappings)]
  return segmentsText(segments.map(segment => (isDropped(segment) ? { ...segment, fields: [] } : segment)))
}
