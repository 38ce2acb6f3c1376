import { expect, test } from 'vitest'
import { type Operation, violations } from './history.ts'

/** The checker itself: it finds each kind of fault that is planted, and nothing in what is allowed. */

const never = Number.POSITIVE_INFINITY
const operation =
  (kind: Operation['kind']) =>
  (value: string, start: number, end: number, key = 'a'): Operation => ({ kind, key, value, start, end })
const wrote = operation('write')
const found = operation('read')

const register = { initial: 'absent', staleMs: 0 }

test.each<[string, Operation[]]>([
  ['nothing was written', [found('absent', 0, 1)]],
  ['the last write', [wrote('1', 0, 1), wrote('2', 2, 3), found('2', 4, 5)]],
  ['either of two concurrent writes', [wrote('1', 0, 3), wrote('2', 1, 2), found('1', 4, 5), found('2', 4, 5)]],
  ['before or after a write under way', [wrote('1', 0, 9), found('absent', 1, 2), found('1', 3, 4)]],
  ['a write without an answer, late', [wrote('1', 0, never), wrote('2', 1, 2), found('2', 3, 4), found('1', 8, 9)]],
  ['a write without an answer, never', [wrote('1', 0, never), found('absent', 8, 9)]],
  ['another key', [wrote('1', 0, 1, 'b'), found('absent', 2, 3)]],
])('is allowed: %s', (_, operations) => {
  expect(violations(operations, register)).toEqual([])
})

test.each<[string, Operation[], string]>([
  ['a lost write', [wrote('1', 0, 1), found('absent', 2, 3)], 'a was absent from 2 to 3 ms'],
  ['an old value', [wrote('1', 0, 1), wrote('2', 2, 3), found('1', 4, 5)], 'a was 1 from 4 to 5 ms'],
  ['a value of nobody', [wrote('1', 0, 1), found('2', 2, 3)], 'a was 2 from 2 to 3 ms'],
  ['a value from the future', [found('1', 0, 1), wrote('1', 2, 3)], 'a was 1 from 0 to 1 ms'],
  ['what was deleted', [wrote('1', 0, 1), wrote('absent', 2, 3), found('1', 4, 5)], 'a was 1 from 4 to 5 ms'],
  [
    'an old value, although another write had no answer',
    [wrote('1', 0, 1), wrote('2', 2, never), wrote('3', 3, 4), found('1', 5, 6)],
    'a was 1 from 5 to 6 ms',
  ],
])('is found: %s', (_, operations, violation) => {
  expect(violations(operations, register)).toEqual([violation])
})

test('what may be stale for a while may be no longer', () => {
  const operations = [wrote('1', 0, 10), found('absent', 100, 101), found('absent', 111, 112)]
  expect(violations(operations, { initial: 'absent', staleMs: 100 })).toEqual(['a was absent from 111 to 112 ms'])
})
