import { decode, encode, type SourceMapSegment } from '@jridgewell/sourcemap-codec'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { editMap } from '../src/map/edit.ts'
import { followChanges } from '../src/map/follow.ts'
import { type OpenMap, openMap } from '../src/map/read/open.ts'

import { validateMap } from '../src/map/validate/validate.ts'
import { readUnsigned, writeUnsigned } from '../src/map/vlq.ts'

type Lines = (number[] & { isRange?: true })[][]

const range = (...segment: number[]) => Object.assign(segment, { isRange: true as const })

function mapOf(lines: Lines): Buffer {
  const rangeMappings = lines
    .map(segments => {
      const indices = segments.flatMap((segment, index) => (segment.isRange ? [index] : []))
      return indices.map((index, at) => writeUnsigned(index - (indices[at - 1] ?? 0))).join('')
    })
    .join(';')
    .replace(/;+$/, '')
  const mappings = encode(lines.map(line => line.map(segment => [...segment] as SourceMapSegment)))
  return Buffer.from(JSON.stringify({ version: 3, sources: ['a', 'b'], names: ['n'], rangeMappings, mappings }))
}

/** Where each place of the generated code leads, as the proposal reads a map. */
function lookUp(map: Buffer, line: number, column: number): string {
  const { mappings, rangeMappings } = JSON.parse(map.toString())
  const lines = decode(mappings) as number[][][]
  const ranges = (rangeMappings as string).split(';').map(text => {
    const indices = new Set<number>()
    const bytes = Buffer.from(text)
    for (let at = 0, index = 0; at < bytes.length; ) {
      const { value, end } = readUnsigned(bytes, at)
      index += value
      indices.add(index)
      at = end
    }
    return indices
  })
  for (let from = line; from >= 0; from--) {
    const segments = lines[from] ?? []
    const index = segments.filter(([at = 0]) => from < line || at <= column).length - 1
    const [at = 0, source, originalLine = 0, originalColumn = 0] = segments[index] ?? []
    if (index < 0) continue
    if (source === undefined) return from === line ? 'unmapped' : 'none'
    if (!ranges[from]?.has(index)) return from === line ? `${source}:${originalLine}:${originalColumn}` : 'none'
    return from === line
      ? `${source}:${originalLine}:${originalColumn + column - at}`
      : `${source}:${originalLine + line - from}:${column}`
  }
  return 'none'
}

const maps: [string, Lines][] = [
  ['one range over the whole file', [[range(0, 0, 3, 2)]]],
  ['a range over lines, and a mapping of another source', [[range(0, 0, 3, 2)], [], [], [[8, 1, 9, 9, 0]]]],
  ['ranges and others on one line', [[[0, 0, 0, 0], range(4, 0, 1, 7), [20], range(24, 1, 2, 2, 0), [30, 0, 5, 5]]]],
  ['a range, then code without an original', [[range(0, 0, 3, 2), [9]], [[0, 0, 8, 8]]]],
  ['ranges on every line', [[range(2, 0, 0, 0)], [range(0, 0, 1, 4), range(9, 1, 1, 4)], [range(5, 1, 7, 0)]]],
  [
    'no range',
    [
      [
        [0, 0, 0, 0],
        [9, 0, 0, 9],
      ],
      [[3, 0, 1, 0]],
    ],
  ],
]

test.each(maps)('an insertion anywhere leaves every place where it led: %s', (_, lines) => {
  const map = mapOf(lines)
  for (let line = 0; line < 5; line++) {
    for (let column = 0; column < 34; column += 3) {
      const edited = editMap(map, { insertion: { line: line + 1, column, length: 100 } })
      expect(validateMap(edited)).toEqual([])
      for (let ofLine = 0; ofLine < 6; ofLine++) {
        for (let of = 0; of < 40; of += 2) {
          const moved = ofLine === line && of >= column ? of + 100 : of
          const where = `${line}:${column} at ${ofLine}:${of}`
          expect(`${where} ${lookUp(edited, ofLine, moved)}`).toBe(`${where} ${lookUp(map, ofLine, of)}`)
        }
      }
    }
  }
})

test('broken range mappings are an error, not a guess', () => {
  const map = Buffer.from('{"version":3,"sources":["a"],"names":[],"rangeMappings":"!","mappings":"AAAA"}')
  expect(() => editMap(map, { insertion: { line: 1, column: 4, length: 1 } })).toThrow('range mappings are broken')
})

/** A text of marks that differ in their first letter, and the same text with changes in it. */
const markOf = (line: number, at: number) => `${String.fromCharCode(97 + at)}${line}${at};`
const original = Array.from({ length: 6 }, (_, line) =>
  ['id', ...Array.from({ length: 20 }, (_, at) => markOf(line, at))].join(' '),
).join('\n')
const changes: [string, (text: string) => string][] = [
  ['put before it', text => `/* a\n b */ ${text}`],
  ['put inside', text => text.replace(' c22;', ' INSERTED c22;')],
  ['put inside, with a new line', text => text.replace(' j19;', ' INSERTED\n j19;')],
  ['taken out', text => text.replace('h07; i08; ', '')],
  ['replaced', text => text.replace('b31; c32; ', '!').replace('e04; ', 'ANOTHER TEXT ')],
  ['put at a mapping', text => text.replace('a00;', 'INSERTEDa00;')],
]

/** Line and column of a text. */
function placeIn(text: string, mark: string): [number, number] {
  const lines = text.split('\n')
  const line = lines.findIndex(text => text.includes(mark))
  return [line, lines[line]?.indexOf(mark) ?? -1]
}

test.each(changes.flatMap(([what, change]) => maps.map(([name, lines]) => [what, name, change, lines] as const)))(
  'what was %s leaves all other places where they led: %s',
  (what, _, change, lines) => {
    const map = mapOf(lines)
    const after = change(original)
    const { map: followed } = followChanges(map, original, after, 'id')
    expect(validateMap(followed as Buffer)).toEqual([])
    const [before, moved] = [openMap(map, ''), openMap(followed as Buffer, '')]
    for (const [mark = ''] of original.matchAll(/\w+;/g)) {
      const place = placeIn(after, mark)
      if (place[0] < 0) continue
      const found = read(moved, ...place)
      // Mappings that are not of a range end with their line.
      if (what.includes('new line') && found === 'none') continue
      expect(`${mark} ${found}`).toBe(`${mark} ${read(before, ...placeIn(original, mark))}`)
    }
  },
)

test('what was put into a range leads nowhere', () => {
  const map = mapOf([[range(0, 0, 3, 2)]])
  const after = original.replace('c22;', 'INSERTED c22;')
  const { map: followed } = followChanges(map, original, after, 'id')
  expect(read(openMap(followed as Buffer, ''), ...placeIn(after, 'INSERTED'))).toBe('unmapped')
})

test('sections keep their ranges too', () => {
  const sections = [0, 3].map(line => ({
    offset: { line, column: 0 },
    map: JSON.parse(mapOf([[range(0, 0, 3, 2)]]).toString()),
  }))
  const map = Buffer.from(JSON.stringify({ version: 3, sections }))
  const after = original.replace('c22;', 'INSERTED c22;').replace('f45; ', '')
  const { map: followed } = followChanges(map, original, after, 'id')
  const [before, moved] = [openMap(map, ''), openMap(followed as Buffer, '')]
  for (const mark of ['a00;', 'b21;', 'c22;', 'd23;', 'a30;', 'e44;', 'g46;', 't519;'])
    expect(`${mark} ${read(moved, ...placeIn(after, mark))}`).toBe(
      `${mark} ${read(before, ...placeIn(original, mark))}`,
    )
})

/** What our reader says, in the form of {@link lookUp}. */
function read(map: OpenMap, line: number, column: number): string {
  const found = map.find(line, column)
  if (typeof found === 'string') return found
  const { segment } = found
  return `${segment.source}:${segment.line}:${segment.column}`
}

test.each(maps)('a position inside a range is as far from the original as from the mapping: %s', (_, lines) => {
  const map = mapOf(lines)
  const reader = openMap(map, '')
  for (let line = 0; line < 6; line++)
    for (let column = 0; column < 40; column++)
      expect(`${line}:${column} ${read(reader, line, column)}`).toBe(`${line}:${column} ${lookUp(map, line, column)}`)
})

test('positions may be looked up in any order, and names belong to a mapping itself', () => {
  const map = openMap(mapOf([[range(0, 0, 3, 2, 0)], [], [range(4, 1, 9, 9, 0), [30]]]), '')
  const at = (line: number, column: number) => {
    const found = map.find(line, column)
    return typeof found === 'string' ? found : found.segment
  }
  expect(at(2, 35)).toBe('unmapped')
  expect(at(2, 10)).toEqual({ source: 1, line: 9, column: 15, isExact: false })
  expect(at(2, 4)).toEqual({ source: 1, line: 9, column: 9, name: 0, isExact: true })
  expect(at(2, 3)).toEqual({ source: 0, line: 5, column: 3, isExact: false })
  expect(at(1, 7)).toEqual({ source: 0, line: 4, column: 7, isExact: false })
  expect(at(0, 5)).toEqual({ source: 0, line: 3, column: 7, isExact: false })
  expect(at(0, 0)).toEqual({ source: 0, line: 3, column: 2, name: 0, isExact: true })
})

test('a reader refuses broken range mappings', () => {
  const map = Buffer.from('{"version":3,"sources":["a"],"names":[],"rangeMappings":"!","mappings":"AAAA"}')
  expect(() => openMap(map, '').find(0, 0)).toThrow('range mappings are broken')
})

/** Up to five lines of segments with ascending columns, some of which are ranges or have no original. */
const anyLines: fc.Arbitrary<Lines> = fc.array(
  fc
    .array(
      fc.record({
        step: fc.integer({ min: 1, max: 9 }),
        kind: fc.constantFrom('mapping', 'range', 'unmapped'),
        original: fc.tuple(fc.nat(1), fc.nat(20), fc.nat(20)),
      }),
      { maxLength: 5 },
    )
    .map(segments => {
      let column = -1
      return segments.map(({ step, kind, original }) => {
        column += step
        if (kind === 'unmapped') return [column]
        return kind === 'range' ? range(column, ...original) : [column, ...original]
      })
    }),
  { maxLength: 5 },
)

test('an edit keeps ranges on the same mappings', () => {
  fc.assert(
    fc.property(anyLines, fc.nat(6), fc.nat(45), fc.integer({ min: 1, max: 400 }), (lines, line, column, length) => {
      const map = mapOf(lines)
      const edited = editMap(map, { insertion: { line: line + 1, column, length } })
      expect(validateMap(edited)).toEqual([])
      const [before, after] = [openMap(map, ''), openMap(edited, '')]
      for (let ofLine = 0; ofLine < 7; ofLine++) {
        for (let of = 0; of < 50; of += 5) {
          const moved = ofLine === line && of >= column ? of + length : of
          expect(read(after, ofLine, moved)).toBe(read(before, ofLine, of))
          expect(read(after, ofLine, moved)).toBe(lookUp(edited, ofLine, moved))
        }
      }
    }),
  )
})
