import { expect, test } from 'vitest'
import { createRecent } from '../src/vault/recent.ts'

test('bytes are made once while they are among the most recent, and held up to the limit', () => {
  const made: string[] = []
  const recent = createRecent(25)
  const get = (name: string) =>
    recent.get(name, () => {
      made.push(name)
      return Buffer.alloc(10, name)
    })
  expect(get('a')).toBe(get('a'))
  get('b')
  get('a')
  expect(made).toEqual(['a', 'b'])
  get('c')
  get('a')
  expect(made).toEqual(['a', 'b', 'c', 'a'])
})

test('what is larger than the limit is not held', () => {
  const recent = createRecent(5)
  const make = () => Buffer.alloc(10)
  expect(recent.get('a', make)).not.toBe(recent.get('a', make))
})
