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
  expect(originalName(generated, called, undefined)).toBe(expected)
})

it.each([
  ['t', undefined, 'priceOf', 'priceOf'],
  ['t.n', 'total', 'Cart.total', 'Cart.total'],
  ['new t', 'Cart', 'new Cart', 'new Cart'],
  ['t', 'other', 'priceOf', 'other'],
  ['t', undefined, 'anonymous', 't'],
  [undefined, undefined, 'handler', 'handler'],
  [undefined, 'map', 'anonymous', undefined],
])(
  'a function %s that was called as %s, and around whose position the source has %s, is %s',
  (generated, called, name, expected) => {
    expect(originalName(generated, called, { name, isCertain: false })).toBe(expected)
  },
)

it('what the scopes say goes before all', () => {
  expect(originalName('t', 'other', { name: 'priceOf', isCertain: true })).toBe('priceOf')
  expect(originalName('t', 'other', { name: 'anonymous', isCertain: true })).toBeUndefined()
})
