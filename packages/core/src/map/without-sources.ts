import { objectStart } from './edit.ts'
import type { IndexedMap, RegularMap } from './remap.ts'
import { readSigned, writeSigned } from './vlq.ts'

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
  /** Source, line, column and name, as the segments read so far add up, and as those written do. */
  const read = [0, 0, 0, 0]
  const written = [0, 0, 0, 0]
  const lines = mappings.split(';').map(line =>
    line.split(',').map(segment => {
      const [column, ...fields] = valuesOf(segment)
      if (column === undefined) return ''
      for (const [index, value] of fields.entries()) read[index] = (read[index] as number) + value
      if (fields.length === 0 || dropped.has(read[0] as number)) return writeSigned(column)
      const deltas = fields.map((_, index) => {
        const delta = (read[index] as number) - (written[index] as number)
        written[index] = read[index] as number
        return delta
      })
      return [column, ...deltas].map(writeSigned).join('')
    }),
  )
  return lines.map(segments => segments.join(',')).join(';')
}

function valuesOf(segment: string): number[] {
  const bytes = Buffer.from(segment, 'latin1')
  const values: number[] = []
  for (let at = 0; at < bytes.length; ) {
    const { value, end } = readSigned(bytes, at)
    if (end < 0) throw new SyntaxError('the mappings are broken')
    values.push(value)
    at = end
  }
  return values
}
