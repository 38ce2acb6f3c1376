import { decode, encode } from '@jridgewell/sourcemap-codec'
import { expect, test } from 'vitest'
import { editMap, openMap, readMapId, shiftMappingsText } from '../src/map/edit.ts'

const id = '11111111-2222-8333-8444-555555555555'
const mappings = encode([
  [
    [0, 0, 0, 0],
    [8, 0, 0, 8, 0],
    [20, 0, 1, 2],
  ],
  [],
  [[4, 1, 5, 0], [9]],
])
const json = (map: object) => Buffer.from(JSON.stringify(map))
/** Both ways: into new memory, and inside a buffer that has room. */
function edited(map: Buffer, edit: Parameters<typeof editMap>[1]) {
  const result = editMap(map, edit)
  const room = Buffer.alloc(map.length + 200)
  map.copy(room)
  expect(openMap(room.subarray(0, map.length)).edit(edit, room)).toEqual({ map: result })
  return JSON.parse(result.toString())
}
const columns = (text: string) => decode(text).map(line => line.map(segment => segment[0]))

test('every column at or after the insertion moves, on its line alone', () => {
  const insertion = { line: 1, column: 8, length: 100 }
  const map = edited(json({ version: 3, sources: ['a', 'b'], names: ['n'], mappings }), { insertion })
  expect(columns(map.mappings)).toEqual([[0, 108, 120], [], [4, 9]])
  expect(
    decode(map.mappings)
      .flat()
      .map(segment => segment.slice(1)),
  ).toEqual(
    decode(mappings)
      .flat()
      .map(segment => segment.slice(1)),
  )
})

test.each([
  [{ line: 1, column: 0, length: 7 }, [[7, 15, 27], [], [4, 9]]],
  [{ line: 1, column: 9, length: 7 }, [[0, 8, 27], [], [4, 9]]],
  [{ line: 1, column: 21, length: 7 }, [[0, 8, 20], [], [4, 9]]],
  [{ line: 2, column: 0, length: 7 }, [[0, 8, 20], [], [4, 9]]],
  [{ line: 3, column: 5, length: 5000 }, [[0, 8, 20], [], [4, 5009]]],
  [{ line: 9, column: 0, length: 7 }, [[0, 8, 20], [], [4, 9]]],
])('an insertion at %j', (insertion, expected) => {
  expect(columns(shiftMappingsText(mappings, insertion))).toEqual(expected)
})

test('all other bytes stay as they are, even odd ones', () => {
  const text = `)]}'\n{ "version" : 3,\r\n "x_y": {"mappings":"AAAA"}, "sourcesContent":["\\"mappings\\":\\"é\\\\"],\n  "mappings": "${mappings}" }`
  const result = editMap(Buffer.from(text), { insertion: { line: 1, column: 0, length: 1 } }).toString()
  expect(result).toBe(text.replace(mappings, shiftMappingsText(mappings, { line: 1, column: 0, length: 1 })))
})

test('the ID is written in both spellings, in place of what was there', () => {
  expect(edited(json({ version: 3, mappings: '' }), { debugId: id })).toMatchObject({ debugId: id, debug_id: id })
  const old = json({ debug_id: 'x', version: 3, mappings: '', debugId: null })
  expect(edited(old, { debugId: id })).toEqual({ debug_id: id, version: 3, mappings: '', debugId: id })
})

test('reads the ID of a map, the older spelling first', () => {
  expect(readMapId(json({ debugId: id.toUpperCase(), mappings: '' }))).toBe(id)
  expect(readMapId(json({ mappings: '' }))).toBeUndefined()
  expect(readMapId(Buffer.from('<html>'))).toBeUndefined()
})

test('sections behind the insertion move, and the one around it is edited inside', () => {
  const inner = (line: number) => ({
    version: 3,
    sources: ['a'],
    mappings: encode([
      [
        [0, 0, line, 0],
        [30, 0, line, 9],
      ],
    ]),
  })
  const section = (line: number, column: number) => ({ offset: { line, column }, map: inner(column) })
  const map = json({ version: 3, sections: [section(0, 0), section(0, 50), section(1, 0)] })
  const result = edited(map, { insertion: { line: 1, column: 10, length: 100 } })
  expect(result.sections.map((part: { offset: object }) => part.offset)).toEqual([
    { line: 0, column: 0 },
    { line: 0, column: 150 },
    { line: 1, column: 0 },
  ])
  expect(result.sections.map((part: { map: { mappings: string } }) => columns(part.map.mappings))).toEqual([
    [[0, 130]],
    [[0, 30]],
    [[0, 30]],
  ])
})

test('within a section that starts on the line, columns count from the section', () => {
  const map = json({
    version: 3,
    sections: [{ offset: { line: 0, column: 20 }, map: { version: 3, sources: [], mappings: encode([[[0], [10]]]) } }],
  })
  const result = edited(map, { insertion: { line: 1, column: 25, length: 100 } })
  expect(columns(result.sections[0].map.mappings)).toEqual([[0, 110]])
})

test('generated ranges of the scopes field move; original scopes do not', () => {
  // Two original scope items, then ranges from 0:0 to 0:40 with one from 0:10 to 0:30 inside, then one on line 1.
  const scopes = 'BAAA,CAK,EAA,EAK,FU,FK,EBBE,FB'
  const move = (column: number) =>
    edited(json({ version: 3, mappings: '', names: [], scopes }), { insertion: { line: 1, column, length: 5 } }).scopes
  expect(move(0)).toBe('BAAA,CAK,EAF,EAK,FU,FK,EBBE,FB')
  expect(move(10)).toBe('BAAA,CAK,EAA,EAP,FU,FK,EBBE,FB')
  expect(move(30)).toBe('BAAA,CAK,EAA,EAK,FU,FP,EBBE,FB')
  expect(move(41)).toBe(scopes)
})

test.each([
  '',
  '[]',
  '"a"',
  '{"version":3}',
  '{"mappings":"A',
  '{"mappings":"AAAA"',
  '{"mappings":"!!"}',
  '{"mappings" "A"}',
])('rejects what is not a source map: %j', text => {
  expect(() => editMap(Buffer.from(text), { insertion: { line: 1, column: 0, length: 1 } })).toThrow(SyntaxError)
})
