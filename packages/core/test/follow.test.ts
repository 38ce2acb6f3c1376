import { encode, type SourceMapMappings } from '@jridgewell/sourcemap-codec'
import { expect, test } from 'vitest'
import { followBoth, followChanges, rewrittenProblem } from '../src/map/follow.ts'
import { mappingsOf } from '../src/map/mappings-of.ts'

const words = ['alpha', 'bravo', 'charlie', 'delta', 'echo', 'foxtrot', 'golf', 'hotel']
/** Stands near the beginning, as it does in a snippet. */
const debugId = 'd13bd0b6-9a4c-8f3e-b6f1-000000000000'
const code = `/* ${debugId} */${words.map(word => `use(${word});`).join('')}\n${words.map(word => `send(${word});`).join('')}\n`
const middle = code.indexOf('use(charlie)')
const inserted = '/* a comment that another tool put in */'
const after = `${inserted}\n${code.slice(0, middle)}${inserted}${code.slice(middle)}`

/** Each word leads to a line of its own. @param moved whether the places are those of the changed code */
function mapOf(text: string, others: Partial<Record<string, unknown>> = {}): Buffer {
  const mappings: SourceMapMappings = text.split('\n').map(() => [])
  let line = 0
  for (const [at, row] of text.split('\n').entries())
    for (const { index } of row.matchAll(new RegExp(words.join('|'), 'g'))) mappings[at]?.push([index, 0, line++, 2])
  return Buffer.from(JSON.stringify({ version: 3, sources: ['a'], names: [], mappings: encode(mappings), ...others }))
}

const before = { code, map: mapOf(code) }

/** The places that lead somewhere. */
const placesOf = (map: Buffer = Buffer.from('')) => mappingsOf(map).filter(({ original }) => original)

test('a map that was changed with the code is taken as it is', () => {
  const map = mapOf(after, { file: 'a.js' })
  expect(followBoth(before, { code: after, map }, debugId).map).toBe(map)
})

test('one that was changed in other things follows the code', () => {
  const map = mapOf(code, { file: 'a.js' })
  const followed = followBoth(before, { code: after, map }, debugId)
  expect(placesOf(followed.map)).toEqual(placesOf(mapOf(after)))
})

test('one that another tool changed for a change of its own follows the code', () => {
  const map = Buffer.from(mapOf(code).toString().replace('"mappings":"', '"mappings":";'))
  const followed = followBoth(before, { code: after, map }, debugId)
  expect(placesOf(followed.map)).toEqual(placesOf(mapOf(after)))
})

test('code that is not found again has the map that was made for it, or none', () => {
  const rewritten = words.toReversed().join(' ')
  const map = mapOf(rewritten)
  expect(followBoth(before, { code: rewritten, map }, debugId).map).toBe(map)
  const stale = mapOf(code, { file: 'a.js' })
  expect(followBoth(before, { code: rewritten, map: stale }, debugId)).toEqual({ problem: rewrittenProblem })
})

test('a word near the end that becomes a list of files moves what is behind it alone', () => {
  const list = JSON.stringify(words.map(word => ({ url: `${word}.js`, revision: null })))
  const end = 'use(hotel);})();'
  const small = `${code.slice(0, code.indexOf('use(hotel)'))}${inserted.repeat(2)}(()=>{self.__WB_MANIFEST,${end}`
  const listed = small.replace('self.__WB_MANIFEST', list)
  const { map } = followChanges(mapOf(small), small, listed, debugId)
  const last = placesOf(map).at(-1)
  expect(listed.slice(last?.column)).toBe('hotel);})();')
  expect(placesOf(map)).toHaveLength(words.length)
})
