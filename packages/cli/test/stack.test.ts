import type { OriginalFrame, SymbolicatedLine } from '@mapseal/core/symbolicate'
import { describe, expect, it } from 'vitest'
import { formatLine } from '../src/stack.ts'

/** Marks what is painted: `<dim text>`. */
const paint = (format: unknown, text: string) => `<${format} ${text}>`
const plain = (_: unknown, text: string) => text

function resolved(original: Partial<OriginalFrame>, raw = '    at t (https://a.io/x.js:1:2)'): SymbolicatedLine {
  return {
    kind: 'original',
    raw,
    frame: { isAsync: raw.includes('async'), url: 'https://a.io/x.js', line: 1, column: 1 },
    original: { source: 'src/a.ts', line: 1, column: 0, isIgnored: false, ...original },
    build: 'b',
    path: 'x.js',
    debugId: 'd',
  }
}

describe('frames of libraries are dimmed, without source', () => {
  const context = { firstLine: 1, lines: ['source()'] }

  it.each([{ isIgnored: true }, { source: 'node_modules/lib/a.js' }, { source: '../../node_modules/lib/a.js' }])(
    '%j',
    original => {
      const text = formatLine(resolved({ ...original, context }), paint)
      expect(text).toMatch(/^<dim {5}at .*a\.[jt]s:1:1>$/)
    },
  )

  it('but not those that only sound like it', () => {
    expect(formatLine(resolved({ source: 'src/my_node_modules/a.ts', context }), plain)).toContain('source()')
  })
})

describe('a frame', () => {
  it.each([
    ['    at t (https://a.io/x.js:1:2)', '    at pay (src/a.ts:1:1)'],
    ['        at async t (https://a.io/x.js:1:2)', '        at async pay (src/a.ts:1:1)'],
    ['    at t (https://a.io/x.js:1:2) {', '    at pay (src/a.ts:1:1) {'],
    ['      at t (https://a.io/x.js:1:2),', '      at pay (src/a.ts:1:1),'],
    ['t@https://a.io/x.js:1:2', '    at pay (src/a.ts:1:1)'],
  ])('keeps its place in the text: %s', (raw, expected) => {
    expect(formatLine(resolved({ function: 'pay' }, raw), plain)).toBe(expected)
  })

  it('without a name shows its position alone', () => {
    expect(formatLine(resolved({}), plain)).toBe('    at src/a.ts:1:1')
  })

  it('shows the part of a long line where it is', () => {
    const lines = [`${'.'.repeat(5000)}HERE${'.'.repeat(5000)}`]
    const text = formatLine(resolved({ column: 5000, context: { firstLine: 1, lines } }), plain)
    const [, source = '', caret = ''] = text.split('\n')
    expect(source.slice(caret.indexOf('^'))).toMatch(/^HERE\./)
    expect(source.length).toBeLessThan(140)
  })

  it('may lie beyond the end of its line, as after edits', () => {
    const text = formatLine(resolved({ column: 30, context: { firstLine: 9, lines: ['short'] }, line: 9 }), plain)
    expect(text.split('\n')).toEqual(['    at src/a.ts:9:31', '      > 9 │ short', '          │      ^'])
  })
})
