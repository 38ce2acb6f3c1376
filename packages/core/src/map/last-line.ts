import { objectStart } from './edit.ts'
import { elements, fieldsAt, type Member } from './json-scan.ts'

/** The last generated line, from 1, that a map has a segment for; 0 if it has none or is malformed. Nothing is parsed but offsets. */
export function lastLineOf(map: Buffer): number {
  try {
    return lastLine(map, fieldsAt(map, objectStart(map)))
  } catch {
    return 0 // What cannot be read is reported where the map is edited.
  }
}

function lastLine(map: Buffer, fields: Map<string, Member>): number {
  const sections = fields.get('sections')
  if (sections)
    return Math.max(0, ...[...elements(map, sections.start)].map(at => lastOfSection(map, fieldsAt(map, at))))
  const mappings = fields.get('mappings')
  if (!mappings || map[mappings.start] !== 0x22) return 0
  let end = mappings.end - 1
  while (end > mappings.start + 1 && map[end - 1] === 0x3b) end--
  if (end === mappings.start + 1) return 0
  let line = 1
  for (let at = mappings.start + 1; ; line++) {
    at = map.indexOf(0x3b, at) + 1
    if (at === 0 || at > end) return line
  }
}

function lastOfSection(map: Buffer, section: Map<string, Member>): number {
  const [offset, inner] = [section.get('offset'), section.get('map')]
  if (!offset || !inner) return 0
  const line = fieldsAt(map, offset.start).get('line')
  const last = lastLine(map, fieldsAt(map, inner.start))
  return line && last > 0 ? Number(map.toString('latin1', line.start, line.end)) + last : 0
}
