import { expect, it } from 'vitest'
import { originalName } from '../src/symbolicate/names.ts'

it.each([
  ['t', 'priceOf', 'priceOf'],
  ['t.n', 'priceOf', 'priceOf'],
  ['new t', 'Shop', 'new Shop'],
  ['Shop.pay', 'pay', 'Shop.pay'],
  ['new Shop', 'Shop', 'new Shop'],
  ['t', undefined, 't'],
  [undefined, 'callback', undefined],
  ['Shop.<anonymous>', 'handler', 'Shop.<anonymous>'],
  ['665', '__webpack_modules__', '665'],
  ['Object.665', '__webpack_modules__', 'Object.665'],
])('a function %s that was called as %s is %s', (generated, called, expected) => {
  expect(originalName(generated, called)).toBe(expected)
})
