import { randomBytes } from 'node:crypto'
import { gzipMember } from '@mapseal/core'
import { expect, test } from 'vitest'
import { pieceEnds } from '../src/sentry/bundle/cut.ts'

test.each([
  ['a file in one piece', 40_000, 0],
  ['a file in several', 2_000_000, 7],
])('%s has no end before its last block, of nothing', async (_, size, least) => {
  const member = await gzipMember(Buffer.from(randomBytes(size / 2).toString('hex')))
  const deflated = member.subarray(10, -8)
  const ends = pieceEnds(deflated)
  expect(ends.length).toBeGreaterThanOrEqual(least)
  expect(least === 0 ? ends : []).toEqual([])
  expect(Math.max(0, ...ends)).toBeLessThan(deflated.length - 1000)
})
