import { gunzipSync, gzipSync } from 'node:zlib'
import { gzipMember } from '@mapseal/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { joinGzip } from '../src/vendor/gzip-join.ts'

const texts = fc.array(fc.record({ text: fc.string({ maxLength: 300 }), times: fc.nat(500), isPacked: fc.boolean() }), {
  maxLength: 6,
})

test('parts that are packed and parts that are not make one gzip member', async () => {
  await fc.assert(
    fc.asyncProperty(texts, async parts => {
      const plain = parts.map(({ text, times }) => Buffer.from(text.repeat(times)))
      const given = parts.map(async ({ isPacked }, index) => {
        const bytes = plain[index] as Buffer
        return isPacked ? { gzip: await gzipMember(bytes) } : bytes
      })
      const joined = joinGzip(await Promise.all(given))
      // It checks the CRC-32 and the size too.
      expect(joined && gunzipSync(joined)).toEqual(Buffer.concat(plain))
    }),
    { numRuns: 50 },
  )
})

test('a member whose last block has something is not taken', () => {
  expect(joinGzip([{ gzip: gzipSync('of an older vault') }])).toBeUndefined()
})

test('what is not packed stays as it is, in blocks', () => {
  const bytes = Buffer.alloc(200_000, 'a')
  expect(joinGzip([bytes])?.length).toBeGreaterThan(bytes.length)
  expect(gunzipSync(joinGzip([bytes]) as Buffer)).toEqual(bytes)
})
