import { expect, test } from 'vitest'
import { readCssTrailingComment, readTrailingComments } from '../src/inject/trailing-comments.ts'

const id = '11111111-2222-8333-8444-555555555555'

test('reads both comments in either order, and where the code ends', () => {
  const code = 'run()'
  for (const block of [
    `\n//# debugId=${id}\n//# sourceMappingURL=a.js.map\n`,
    `\r\n//# sourceMappingURL=a.js.map\r\n\r\n//# debugId=${id}`,
  ]) {
    expect(readTrailingComments(code + block)).toEqual({ bodyEnd: code.length, debugId: id, mapUrl: 'a.js.map' })
  }
})

test('accepts the old form with an at sign', () => {
  expect(readTrailingComments('run()\n//@ sourceMappingURL=a.map').mapUrl).toBe('a.map')
})

test('reads a comment that stands behind code on the last line', () => {
  expect(readTrailingComments('run() //# sourceMappingURL=a.js.map')).toEqual({ bodyEnd: 5, mapUrl: 'a.js.map' })
})

test.each([
  'const a = `\n//# sourceMappingURL=a.js.map\n`',
  'const a = "//# sourceMappingURL=a.js.map"',
  `const worker = \`run()\n//# debugId=${id}\n\`\nstart(worker)`,
  'run()\n/*\n//# sourceMappingURL=a.js.map\n*/',
  'run() // see sourceMappingURL=a.js.map',
])('is not misled by code that only looks like a comment: %j', code => {
  expect(readTrailingComments(code)).toEqual({ bodyEnd: code.length })
})

test('a file of nothing but the block has no code', () => {
  expect(readTrailingComments(`//# debugId=${id}\n`)).toEqual({ bodyEnd: 0, debugId: id })
})

test.each([0, 1, 2000, 2047, 2048, 2049, 40_000])(
  'reads the same of bytes and of text, behind %i bytes of code',
  size => {
    const codes = ['x'.repeat(size), `${'x '.repeat(size / 2)}`, `${'x\n'.repeat(size / 2)}`, `'${'é'.repeat(size)}'`]
    const data = `data:application/json;base64,${'abcd'.repeat(size / 4)}`
    const comments = [
      '',
      `\n//# debugId=${id}\n`,
      '\n//# sourceMappingURL=a.js.map',
      ' //# sourceMappingURL=a.js.map',
      `\n//#sourceMappingURL=${data}\n//# debugId=${id}\n`,
      `\n//# sourceMappingURL=${data}\n`,
      `/*'*/ //# sourceMappingURL=${data}`,
      '\n'.repeat(size),
      `\nrun(\`//# debugId=${id}\`)`,
      `\n/*${'x'.repeat(size)}//# debugId=${id}`,
    ]
    for (const code of codes) {
      for (const comment of comments) {
        const text = code.trimEnd() + comment
        const comments = readTrailingComments(Buffer.from(text))
        expect({ ...comments, bodyEnd: Buffer.from(text).toString('utf8', 0, comments.bodyEnd).length }).toEqual(
          readTrailingComments(text),
        )
        const isCommented = comment.startsWith('\n//#')
        if (isCommented) expect(readTrailingComments(text).bodyEnd).toBe(code.trimEnd().length)
      }
    }
  },
)

test('takes no part of a letter for white space', () => {
  for (const code of ['export default voilà', 'run()//# sourceMappingURL=voilà.js.map']) {
    const bytes = Buffer.from(code)
    const { bodyEnd } = readTrailingComments(bytes)
    expect(bytes.toString('utf8', 0, bodyEnd)).toBe(code.replace(/\/\/.*/, ''))
  }
})

test('reads the comment of a style sheet', () => {
  expect(readCssTrailingComment('a{}/*# sourceMappingURL=a.css.map */\n')).toEqual({ bodyEnd: 3, mapUrl: 'a.css.map' })
  expect(readCssTrailingComment('a{}\n/* b */')).toEqual({ bodyEnd: 11 })
})
