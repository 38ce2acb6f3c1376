import { objectStart } from './edit.ts'
import { comparePlaces, type Place, plus } from './place.ts'
import { type Segment, segmentsOf, segmentsText } from './segments.ts'

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
  const flat = { ...rest, ...sources.fields(), names: names.items, mappings: segmentsText(segments) }
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
      // A source without a name is never the same as another.
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
