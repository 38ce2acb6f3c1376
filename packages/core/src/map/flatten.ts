import { objectStart } from './edit.ts'
import { comparePlaces, type Place, plus } from './place.ts'
import { readSigned, writeSigned } from './vlq.ts'

/** A map as far as it is put together from sections. */
interface ParsedMap {
  sections?: { offset: Place; map: ParsedMap }[]
  sources?: (string | null)[]
  sourcesContent?: (string | null)[]
  sourceRoot?: string
  names?: string[]
  mappings?: string
  ignoreList?: number[]
}

/** A segment as it is written: place, and the fields after the column. */
interface Segment extends Place {
  fields: number[]
}

/**
 * The same map without sections: a source that several have is one, and of each section only what lies before the next is taken.
 * `scopes` and `rangeMappings` of sections are left out. A map without sections is returned as it is.
 *
 * @throws SyntaxError where it is not a source map
 */
export function flattenMap(map: Buffer): Buffer {
  const { sections, ...rest } = JSON.parse(map.toString('utf8', objectStart(map))) as ParsedMap
  if (!sections) return map
  const sources = createSources()
  const names = createList<string>()
  const segments: Segment[] = []
  for (const { offset, map, end } of regularSections(sections)) {
    const sourceOf = (map.sources ?? []).map((_, index) => sources.indexOf(map, index))
    const nameOf = (map.names ?? []).map(names.indexOf)
    for (const segment of segmentsOf(map.mappings ?? '')) {
      const place = plus(offset, segment)
      if (end && comparePlaces(place, end) >= 0) break
      const [source, line, column, name] = segment.fields
      const isMapped = source !== undefined && line !== undefined && column !== undefined
      const fields = isMapped ? [sourceOf[source] ?? 0, line, column] : []
      segments.push({ ...place, fields: name === undefined ? fields : [...fields, nameOf[name] ?? 0] })
    }
  }
  const flat = { ...rest, ...sources.fields(), names: names.items, mappings: written(segments) }
  return Buffer.from(JSON.stringify(flat))
}

/** In their order, those of sections in sections too; `end` is where the next begins. */
function regularSections(
  sections: NonNullable<ParsedMap['sections']>,
  base: Place = { line: 0, column: 0 },
): { offset: Place; map: ParsedMap; end: Place | undefined }[] {
  const all = sections.flatMap(({ offset, map }) => {
    const place = plus(base, offset)
    return map.sections ? regularSections(map.sections, place) : [{ offset: place, map, end: undefined }]
  })
  return all.map((section, index) => ({ ...section, end: all[index + 1]?.offset }))
}

function createList<Item>(): { items: Item[]; indexOf(item: Item): number } {
  const items: Item[] = []
  const indexes = new Map<Item, number>()
  return {
    items,
    indexOf(item) {
      const index = indexes.get(item) ?? items.push(item) - 1
      indexes.set(item, index)
      return index
    },
  }
}

/** The sources of all sections, by their names with `sourceRoot`. */
function createSources(): { indexOf(map: ParsedMap, index: number): number; fields(): Partial<ParsedMap> } {
  const list = createList<unknown>()
  const contents: (string | null)[] = []
  const ignored = new Set<number>()
  return {
    indexOf({ sources = [], sourcesContent = [], sourceRoot, ignoreList = [] }, index) {
      const name = sources[index] ?? null
      // One without a name is no other's.
      const at = list.indexOf(name === null ? { isUnnamed: true } : withRoot(name, sourceRoot))
      contents[at] ??= sourcesContent[index] ?? null
      if (ignoreList.includes(index)) ignored.add(at)
      return at
    },
    fields: () => ({
      sources: list.items.map(item => (typeof item === 'string' ? item : null)),
      ...(contents.some(content => content !== null) && { sourcesContent: contents }),
      ...(ignored.size > 0 && { ignoreList: [...ignored] }),
    }),
  }
}

function withRoot(name: string, root = ''): string {
  return root === '' || /^(?:[a-z][\w+.-]*:|\/)/i.test(name) ? name : `${root.replace(/\/$/, '')}/${name}`
}

function* segmentsOf(mappings: string): Iterable<Segment> {
  const bytes = Buffer.from(mappings, 'latin1')
  const fields = [0, 0, 0, 0]
  let line = 0
  let column = 0
  for (let at = 0; at < bytes.length; ) {
    if (bytes[at] === semicolon) {
      line += 1
      column = 0
    }
    if (bytes[at] === semicolon || bytes[at] === comma) {
      at += 1
      continue
    }
    const values: number[] = []
    while (at < bytes.length && bytes[at] !== semicolon && bytes[at] !== comma) {
      const { value, end } = readSigned(bytes, at)
      if (end < 0) throw new SyntaxError(`the mappings are broken at byte ${at}`)
      values.push(value)
      at = end
    }
    const [move = 0, ...rest] = values
    column += move
    for (const [index, delta] of rest.entries()) fields[index] = (fields[index] ?? 0) + delta
    yield { line, column, fields: fields.slice(0, rest.length) }
  }
}

const comma = 0x2c
const semicolon = 0x3b

function written(segments: Segment[]): string {
  const last = [0, 0, 0, 0]
  let [line, column, isFirst] = [0, 0, true]
  let text = ''
  for (const segment of segments) {
    if (segment.line > line)
      [text, line, column, isFirst] = [text + ';'.repeat(segment.line - line), segment.line, 0, true]
    text += `${isFirst ? '' : ','}${writeSigned(segment.column - column)}`
    for (const [index, value] of segment.fields.entries()) {
      text += writeSigned(value - (last[index] ?? 0))
      last[index] = value
    }
    column = segment.column
    isFirst = false
  }
  return text
}
