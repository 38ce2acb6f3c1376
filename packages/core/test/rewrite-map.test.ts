import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AnyMap, decodedMappings, encodedMap, originalPositionFor, TraceMap } from '@jridgewell/trace-mapping'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { flattenMap } from '../src/map/flatten.ts'
import { rewriteMap } from '../src/map/rewrite.ts'

const bytes = (map: object) => Buffer.from(JSON.stringify(map))
const flat = (map: object) => JSON.parse(flattenMap(bytes(map)).toString())
const part = (source: string | null, more = {}) => ({
  version: 3,
  sources: [source],
  names: ['n'],
  mappings: 'AAAAA,CACCA;E',
  ...more,
})
const at = (line: number, column: number, map: object) => ({ offset: { line, column }, map })

describe('without sections', () => {
  test('each segment keeps its place and its original, by the count of another reader', () => {
    const positive = fc.nat(40)
    const segment = fc.tuple(positive, fc.nat(1), positive, positive)
    const section = fc.record({
      lines: fc.array(fc.array(segment, { maxLength: 4 }), { maxLength: 3 }),
      gap: positive,
      column: positive,
    })
    fc.assert(
      fc.property(fc.array(section, { minLength: 1, maxLength: 4 }), parts => {
        let line = 0
        const sections = parts.map(({ lines, gap, column }, index) => {
          const mappings = lines.map(line => [...line].sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0)))
          const map = encode(mappings, [`${index}.ts`, 'shared.ts'])
          const offset = { line, column }
          line += Math.max(lines.length - 1, 0) + 1 + gap
          return { offset, map }
        })
        const indexed = { version: 3, sections }
        const expected = AnyMap(indexed as never)
        const got = new TraceMap(flat(indexed))
        for (const [line, segments] of decodedMappings(expected).entries()) {
          for (const [column] of segments) {
            const needle = { line: line + 1, column }
            expect(originalPositionFor(got, needle)).toEqual(originalPositionFor(expected, needle))
          }
        }
      }),
    )
  })

  test('a source of several is one, and has the content of any', () => {
    const map = flat({
      version: 3,
      file: 'a.js',
      sections: [at(0, 0, part('a.ts')), at(4, 2, part('a.ts', { sourcesContent: ['a'] }))],
    })
    expect(map).toEqual({
      version: 3,
      file: 'a.js',
      sources: ['a.ts'],
      sourcesContent: ['a'],
      names: ['n'],
      mappings: 'AAAAA,CACCA;E;;;EADDA,CACCA;E',
    })
  })

  test('what a section has beyond the next is left out', () => {
    expect(flat({ version: 3, sections: [at(0, 0, part('a.ts')), at(0, 1, part('b.ts'))] })).toMatchObject({
      sources: ['a.ts', 'b.ts'],
      mappings: 'AAAAA,CCAAA,CACCA;E',
    })
  })

  test('roots, unnamed sources, ignored ones and sections of sections', () => {
    const inner = { version: 3, sections: [at(1, 3, part('c.ts', { sourceRoot: '/src/', ignoreList: [0] }))] }
    expect(flat({ version: 3, sections: [at(0, 0, part(null)), at(3, 0, part(null)), at(5, 0, inner)] })).toEqual({
      version: 3,
      sources: [null, null, '/src/c.ts'],
      names: ['n'],
      mappings: 'AAAAA,CACCA;E;;ACDDA,CACCA;E;;GCDDA,CACCA;E',
      ignoreList: [2],
    })
  })

  test('a map that has none is the same bytes', () => {
    const map = bytes(part('a.ts'))
    expect(flattenMap(map)).toBe(map)
    expect(() => flattenMap(Buffer.from('<html>'))).toThrow(SyntaxError)
  })
})

function encode(lines: number[][][], sources: string[]): object {
  return encodedMap(new TraceMap({ version: 3, sources, names: [], mappings: lines as never }))
}

describe('with sources of the disk', () => {
  let dir: string
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'mapseal-rewrite-'))
    await mkdir(join(dir, 'src'))
    await writeFile(join(dir, 'src/a.ts'), 'let a')
  })
  afterEach(() => rm(dir, { recursive: true }))

  test.each([
    ['beside the map', part('../src/a.ts'), ['let a']],
    ['below a root', part('a.ts', { sourceRoot: '../src' }), ['let a']],
    ['that are not there', part('../src/b.ts'), undefined],
    ['by a URL', part('webpack://shop/src/a.ts'), undefined],
    ['that it has', part('../src/a.ts', { sourcesContent: ['own'] }), ['own']],
    ['without a name', part(null), undefined],
    ['of a section', { version: 3, sections: [at(0, 0, part('../src/a.ts'))] }, ['let a']],
  ])('%s', async (_, map, expected) => {
    const rewritten = await rewriteMap(bytes(map), join(dir, 'dist/a.js.map'))
    expect(JSON.parse(rewritten.toString()).sourcesContent).toEqual(expected)
  })
})
