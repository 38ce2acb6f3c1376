import { objectStart } from './edit.ts'
import { type Place, plus } from './place.ts'
import type { IndexedMap, RegularMap } from './remap.ts'
import { readSigned } from './vlq.ts'

/** A generated place. What has no original leads nowhere. */
export interface Mapping extends Place {
  original?: Place
}

/** The mappings of a map in order. @throws SyntaxError where it is not a source map */
export function mappingsOf(map: Buffer): Mapping[] {
  const json: RegularMap | IndexedMap = JSON.parse(map.toString('utf8', objectStart(map)))
  if (!('sections' in json)) return regularMappings(json)
  return json.sections.flatMap(({ offset, map }) =>
    regularMappings(map).map(mapping => ({ ...mapping, ...plus(offset, mapping) })),
  )
}

function regularMappings({ mappings }: RegularMap): Mapping[] {
  const original = { line: 0, column: 0 }
  return mappings.split(';').flatMap((text, line) => {
    let column = 0
    return text.split(',').flatMap((segment): Mapping[] => {
      if (segment === '') return []
      const [move = 0, source, originalLine = 0, originalColumn = 0] = valuesOf(segment)
      column += move
      if (source === undefined) return [{ line, column }]
      original.line += originalLine
      original.column += originalColumn
      return [{ line, column, original: { ...original } }]
    })
  })
}

function valuesOf(segment: string): number[] {
  const bytes = Buffer.from(segment, 'latin1')
  const values: number[] = []
  for (let at = 0; at < bytes.length; ) {
    const { value, end } = readSigned(bytes, at)
    if (end < 0) return values
    values.push(value)
    at = end
  }
  return values
}
