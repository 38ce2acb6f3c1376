import { objectStart } from './edit.ts'
import { elements, pickMembers } from './json-scan.ts'
import type { Splice } from './splice.ts'

/**
 * The map with other names for its originals, in sections too; nothing else of it is read.
 *
 * @param rename gets each name as the map has it, without its `sourceRoot`
 * @throws SyntaxError where the map is not JSON
 */
export function renameSources(map: Buffer, rename: (source: string) => string): Buffer {
  const splices: Splice[] = []
  collect(map, objectStart(map), rename, splices)
  const parts: Buffer[] = []
  let at = 0
  for (const { start, end, text } of splices.sort((a, b) => a.start - b.start)) {
    parts.push(map.subarray(at, start), Buffer.from(text))
    at = end
  }
  return Buffer.concat([...parts, map.subarray(at)])
}

function collect(json: Buffer, at: number, rename: (source: string) => string, splices: Splice[]): void {
  const found = pickMembers(json, at, ['sources', 'sections'])
  const sources = found.get('sources')
  const names: unknown = sources && JSON.parse(json.toString('utf8', sources.start, sources.end))
  if (sources && Array.isArray(names)) {
    const renamed = names.map(name => (typeof name === 'string' ? rename(name) : name))
    splices.push({ start: sources.start, end: sources.end, text: JSON.stringify(renamed) })
  }
  const sections = found.get('sections')
  if (!sections) return
  for (const section of elements(json, sections.start)) {
    const map = pickMembers(json, section, ['map']).get('map')
    if (map) collect(json, map.start, rename, splices)
  }
}
