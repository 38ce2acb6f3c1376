import { expect, test } from 'vitest'
import { groupOf } from '../src/events/group.ts'
import type { ManifestFile } from '../src/uploads/manifest.ts'
import { pairFiles } from '../src/uploads/pairs.ts'

test('a map is found beside its script, from the root, and by its URL', () => {
  const map = (url: string): ManifestFile => ({ entry: url, type: 'source_map', url })
  const code = (url: string, sourceMap: string): ManifestFile => ({
    entry: url,
    type: 'minified_source',
    url,
    sourceMap,
  })
  const pairs = pairFiles([
    ...[map('~/js/a.js.map'), map('~/maps/b.js.map'), map('https://a.io/c.js.map')],
    ...[
      code('~/js/a.js?v=1/2', 'a.js.map'),
      code('~/js/b.js', '/maps/b.js.map'),
      code('~/c.js', 'https://a.io/c.js.map'),
    ],
    code('~/d.js', 'd.js.map'),
  ])
  expect(pairs.map(({ path, map }) => [path, map?.url])).toEqual([
    ['js/a.js', '~/js/a.js.map'],
    ['js/b.js', '~/maps/b.js.map'],
    ['c.js', 'https://a.io/c.js.map'],
    ['d.js', undefined],
  ])
})

test('names that make expressions turn back come to an end', () => {
  const long = 'a'.repeat(2000)
  const files = Array.from({ length: 5000 }, (_, index): ManifestFile => {
    const url = `~/${long}/${index}.js`
    return { entry: url, type: 'minified_source', url, sourceMap: 'x.map' }
  })
  expect(pairFiles(files)).toHaveLength(5000)
  const generated = { file: `https://a.io/${'-'.repeat(2000)}`, line: 1 }
  const exceptions = [{ type: 'E', value: '', frames: [{ generated, isInApp: true }] }]
  const groups = Array.from({ length: 500 }, () => groupOf(exceptions))
  expect(new Set(groups).size).toBe(1)
})
