import { expect, test } from 'vitest'
import { renameSources } from '../src/map/rename-sources.ts'

const upper = (source: string) => source.toUpperCase()

test('renames the originals of a map, and leaves every other byte as it is', () => {
  const before =
    '{ "version":3, "sourcesContent":["sources: [\\"a\\"]"],\n"sources" : ["a.ts", null, "é"] ,"mappings":"AAAA" }'
  expect(renameSources(Buffer.from(before), upper).toString()).toBe(
    before.replace('["a.ts", null, "é"]', '["A.TS",null,"É"]'),
  )
})

test('renames those of sections', () => {
  const map = (source: string) => ({ version: 3, sources: [source], names: [], mappings: '' })
  const sections = [
    { offset: { line: 0, column: 0 }, map: map('a') },
    { offset: { line: 9, column: 0 }, map: map('b') },
  ]
  const renamed = JSON.parse(renameSources(Buffer.from(JSON.stringify({ version: 3, sections })), upper).toString())
  expect(renamed.sections.map((section: { map: { sources: string[] } }) => section.map.sources)).toEqual([['A'], ['B']])
})

test('leaves a map without originals as it is', () => {
  const bytes = Buffer.from('{"version":3,"mappings":""}')
  expect(renameSources(bytes, upper).toString()).toBe(bytes.toString())
})
