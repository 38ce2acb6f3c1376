import { decode, encode, type SourceMapSegment } from '@jridgewell/sourcemap-codec'
import { expect, test } from 'vitest'
import { editMap } from '../src/map/edit.ts'
import { remapGenerated } from '../src/map/remap.ts'
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
    if (source === undefined) return 'unmapped'
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

test('of code that was changed, mappings hold for their place alone', () => {
  const map = mapOf([[range(0, 0, 3, 2)], [[4, 0, 9, 9]]])
  const moved = remapGenerated(map, ({ line, column }) => ({ line: line + 1, column }))
  expect(JSON.parse(moved.toString())).not.toHaveProperty('rangeMappings')
  expect(decode(JSON.parse(moved.toString()).mappings)).toEqual([[], [[0, 0, 3, 2]], [[4, 0, 9, 9]]])
})
