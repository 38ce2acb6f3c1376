import { expect, test } from 'vitest'
import { readSources } from '../src/map/read-sources.ts'

test.each([[['a].js', null, 'ü.js']], [['[id].js', 'a"].js', 'b.js']], [['a.js', null]], [[]]])(
  'sources are read from the first bytes of a map, if these hold them: %j',
  sources => {
    const map = { version: 3, names: ['"sources":["x"]'], sources, sourcesContent: ['"]'], mappings: 'AAAA' }
    for (const text of [
      JSON.stringify(map),
      JSON.stringify(map, undefined, 1),
      JSON.stringify({ x_object: {}, ...map }),
    ]) {
      const bytes = Buffer.from(text)
      const end = bytes.indexOf('"sourcesContent"')
      expect(readSources(bytes)).toEqual(sources)
      expect(readSources(bytes.subarray(0, end))).toEqual(sources)
      for (let length = 0; length < bytes.lastIndexOf(']', end); length++)
        expect(readSources(bytes.subarray(0, length))).toBeUndefined()
    }
  },
)

test('those of other objects are not taken for them', () => {
  const map = { version: 3, x_object: { sources: ['x.js'] }, sources: ['a.js'] }
  expect(readSources(Buffer.from(JSON.stringify(map)))).toEqual(['a.js'])
})

test('an indexed map has none of its own', () => {
  expect(
    readSources(Buffer.from('{"version":3,"sections":[{"offset":{},"map":{"version":3,"sources":["a.js"]}}]}')),
  ).toBeUndefined()
  expect(readSources(Buffer.from('no map'))).toBeUndefined()
})
