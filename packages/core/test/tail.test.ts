import { expect, test } from 'vitest'
import { readCssTail, readTail } from '../src/tail.ts'

const id = '11111111-2222-8333-8444-555555555555'

test('reads both comments in either order, and where the code ends', () => {
  const code = 'run()'
  for (const block of [
    `\n//# debugId=${id}\n//# sourceMappingURL=a.js.map\n`,
    `\r\n//# sourceMappingURL=a.js.map\r\n\r\n//# debugId=${id}`,
  ]) {
    expect(readTail(code + block)).toEqual({ bodyEnd: code.length, debugId: id, mapUrl: 'a.js.map' })
  }
})

test('accepts the old form with an at sign', () => {
  expect(readTail('run()\n//@ sourceMappingURL=a.map').mapUrl).toBe('a.map')
})

test('reads a comment that stands behind code on the last line', () => {
  expect(readTail('run() //# sourceMappingURL=a.js.map')).toEqual({ bodyEnd: 5, mapUrl: 'a.js.map' })
})

test.each([
  'const a = `\n//# sourceMappingURL=a.js.map\n`',
  'const a = "//# sourceMappingURL=a.js.map"',
  `const worker = \`run()\n//# debugId=${id}\n\`\nstart(worker)`,
  'run()\n/*\n//# sourceMappingURL=a.js.map\n*/',
  'run() // see sourceMappingURL=a.js.map',
])('is not misled by code that only looks like a comment: %j', code => {
  expect(readTail(code)).toEqual({ bodyEnd: code.length })
})

test('a file of nothing but the block has no code', () => {
  expect(readTail(`//# debugId=${id}\n`)).toEqual({ bodyEnd: 0, debugId: id })
})

test('reads the comment of a style sheet', () => {
  expect(readCssTail('a{}/*# sourceMappingURL=a.css.map */\n')).toEqual({ bodyEnd: 3, mapUrl: 'a.css.map' })
  expect(readCssTail('a{}\n/* b */')).toEqual({ bodyEnd: 11 })
})
