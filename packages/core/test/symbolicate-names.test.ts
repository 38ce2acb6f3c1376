import { expect, it } from 'vitest'
import { originalName } from '../src/symbolicate/names.ts'

it.each([
  ['t', 'priceOf', 'priceOf', 'caller'],
  ['t.n', 'priceOf', 'priceOf', 'caller'],
  ['new t', 'Shop', 'new Shop', 'caller'],
  ['get t', 'total', 'get total', 'caller'],
  ['Shop.pay', 'pay', 'Shop.pay', 'engine'],
  ['new Shop', 'Shop', 'new Shop', 'engine'],
  ['onMouseDown', 'previousInstance', 'onMouseDown', 'engine'],
  ['async Object.save', 'handler', 'async Object.save', 'engine'],
  ['t', undefined, 't', 'engine'],
  ['Shop.<anonymous>', 'handler', 'Shop.<anonymous>', 'engine'],
  ['665', '__webpack_modules__', '665', 'engine'],
  ['Object.665', '__webpack_modules__', 'Object.665', 'engine'],
])('without the source, a function %s that was called as %s is %s, by the %s', (generated, called, name, by) => {
  expect(originalName(generated, called, undefined)).toEqual({ name, by })
})

it('a function that the engine knows has no name takes none from its caller', () => {
  expect(originalName(undefined, 'callback', undefined)).toBeUndefined()
})

it.each(['source', 'scopes'] as const)('the name in the %s goes before all others', from => {
  for (const called of [undefined, 'priceOf', 'listener'])
    for (const generated of [undefined, 't', 'other'])
      expect(originalName(generated, called, { name: 'priceOf', from })).toEqual({ name: 'priceOf', by: from })
})

it.each([
  ['onClick', 'onClick'],
  ['e.onClick', 'onClick'],
  ['Object.onClick', 'Object.onClick'],
  ['async Object.save', 'async Object.save'],
  ['new Xe', undefined],
  ['t', undefined],
  ['$a1', undefined],
  ['ref', 'ref'],
  ['get', undefined],
  ['t.<anonymous>', undefined],
  ['Object.665', undefined],
  [undefined, undefined],
])('a function without a name of its own, which the engine calls %s, is %s', (generated, name) => {
  const lines = ['<input ref={element => element.focus()} />']
  const expected = name === undefined ? undefined : { name, by: 'engine' }
  expect(originalName(generated, 'listener', { from: 'source' }, lines)).toEqual(expected)
})
