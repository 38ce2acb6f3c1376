import { objectStart } from './edit.ts'
import { elements, pickMembers } from './json-scan.ts'
import type { Splice } from './splice.ts'

/**
 * The map with other names for its originals, in sections too; nothing else of it is read.
 *
 * @param rename gets each name as the map has it, without its `sourceRoot`
 * @param isJoined whether a `sourceRoot` is to be put before each name, and left out
 * @throws SyntaxError where the map is not JSON
 */
export function renameSources(
  map: Buffer,
  rename: (source: string) => string,
  isJoined: (sourceRoot: string) => boolean = () => false,
): Buffer {
  const splices: Splice[] = []
  collect(map, objectStart(map), { rename, isJoined }, splices)
  const parts: Buffer[] = []
  let at = 0
  for (const { start, end, text } of splices.sort((a, b) => a.start - b.start)) {
    parts.push(map.subarray(at, start), Buffer.from(text))
    at = end
  }
  return Buffer.concat([...parts, map.subarray(at)])
}

interface Naming {
  rename(source: string): string
  isJoined(sourceRoot: string): boolean
}

function collect(json: Buffer, at: number, naming: Naming, splices: Splice[]): void {
  const found = pickMembers(json, at, ['sources', 'sourceRoot', 'sections'])
  const root = found.get('sourceRoot')
  const sourceRoot: unknown = root && JSON.parse(json.toString('utf8', root.start, root.end))
  const prefix =
    typeof sourceRoot === 'string' && naming.isJoined(sourceRoot) ? `${sourceRoot.replace(/\/$/, '')}/` : ''
  if (root && prefix) splices.push({ start: root.start, end: root.end, text: '""' })
  const sources = found.get('sources')
  const names: unknown = sources && JSON.parse(json.toString('utf8', sources.start, sources.end))
  if (sources && Array.isArray(names)) {
    const renamed = names.map(name => (typeof name === 'string' ? naming.rename(prefix + name) : name))
    splices.push({ start: sources.start, end: sources.end, text: JSON.stringify(renamed) })
  }
  const sections = found.get('sections')
  if (!sections) return
  for (const section of elements(json, sections.start)) {
    const map = pickMembers(json, section, ['map']).get('map')
    if (map) collect(json, map.start, naming, splices)
  }
}
