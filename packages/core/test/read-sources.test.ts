import { expect, test } from 'vitest'
import { readSources } from '../src/map/read-sources.ts'

const map = JSON.stringify({
  version: 3,
  names: ['"sources":["x"]'],
  sources: ['a].js', null, 'ü.js'],
  mappings: 'AAAA',
})

test('sources are read from the first bytes of a map, if these hold them', () => {
  const bytes = Buffer.from(map)
  const end = bytes.indexOf(',"mappings"')
  expect(readSources(bytes)).toEqual(['a].js', null, 'ü.js'])
  expect(readSources(bytes.subarray(0, end))).toEqual(['a].js', null, 'ü.js'])
  for (let length = 0; length < end; length++) expect(readSources(bytes.subarray(0, length))).toBeUndefined()
})

test('an indexed map has none of its own', () => {
  expect(readSources(Buffer.from(`{"version":3,"sections":[{"offset":{},"map":${map}}]}`))).toBeUndefined()
  expect(readSources(Buffer.from('no map'))).toBeUndefined()
})
