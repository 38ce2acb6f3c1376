import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { debugIdFinder, inlineDebugIds } from '../src/symbolicate/debug-ids.ts'
import { parseStack, type StackLine } from '../src/symbolicate/stack.ts'

/** Real stacks; the first line of each file names the engine. The expected result beside each was checked by hand. */
const folder = join(import.meta.dirname, 'stacks')
const files = readdirSync(folder).filter(name => name.endsWith('.txt'))

function show(line: StackLine): string {
  if (line.kind !== 'frame') return line.kind
  const { function: name, isAsync, url, line: number, column } = line.frame
  return `frame ${isAsync ? 'async ' : ''}${name ?? '-'} | ${url} | ${number}:${column ?? '?'}`
}

it.each(files)('%s', async name => {
  const text = readFileSync(join(folder, name), 'utf8')
  expect(text).toMatch(/^# \S/)
  const lines = parseStack(text.slice(text.indexOf('\n') + 1))
  expect(lines.map(line => line.raw).join('\n')).toBe(text.slice(text.indexOf('\n') + 1))
  const read = lines.map(line => (line.kind === 'text' ? '' : show(line))).join('\n')
  await expect(`${read.trimEnd()}\n`).toMatchFileSnapshot(join(folder, name.replace('.txt', '.read')))
})

describe('hostile text costs steps in proportion to its length', () => {
  const pieces = [
    'at ',
    'at (',
    ' (',
    '(',
    ')',
    '@',
    '@/',
    '/@',
    ':1',
    ':1:1',
    ' line 1',
    ' line 1 > eval',
    'eval at ',
    'eval at (',
    'at eval at x (',
    '), <anonymous>:',
    ' [as ',
    'async*',
    '/<',
    '<',
    '0',
    'a',
    ' ',
    '\t',
    ',',
    ' {',
    'https://',
    'wasm-function[',
    '//',
    '-',
    '"',
    '=',
    'blob:',
    '\r',
    '\u2028',
  ]
  const length = 4000

  function measure(text: string): void {
    const steps = { count: 0 }
    const lines = parseStack(text, steps)
    expect(steps.count, JSON.stringify(text.slice(0, 80))).toBeLessThan(50 * (text.length + 1))
    inlineDebugIds(lines)
  }

  it.each(pieces)('%j over and over, on lines as long as a frame may be, and of megabytes', piece => {
    for (const start of ['', 'at ', 'at f (', 'f@', 'at eval (eval at f (', 'https://a.io/']) {
      for (const end of ['', ')', ':1:1', ':1:1)', ' > eval:1:1', 'x']) {
        measure(start + piece.repeat(length / piece.length) + end)
      }
    }
    measure(piece.repeat(3_000_000 / piece.length))
    measure(`${piece.repeat(1000 / piece.length)}\n`.repeat(300))
  })

  it('any of them mixed', () => {
    let state = 7
    const below = (limit: number) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return Math.floor((state / 2 ** 32) * limit)
    }
    for (let round = 0; round < 3000; round++) {
      let text = ''
      while (text.length < 2000) text += (pieces[below(pieces.length)] as string).repeat(1 + below(5))
      measure(text)
    }
  })

  it('IDs behind long words and blanks, a thousand at most', () => {
    const id = '85314830-023f-4cf1-a267-535f4e37bb17'
    const text = Array.from(
      { length: 3000 },
      (_, index) => `${'/'.repeat(900)}${index}${' '.repeat(900)}= "${id}"`,
    ).join(' ')
    expect(Object.keys(inlineDebugIds(parseStack(text)))).toHaveLength(1000)
  })

  it('IDs that stand behind IDs alone', () => {
    // Looking back from all of them takes longer than a test may.
    const text = Array.from({ length: 100_000 }, () => '85314830-023f-4cf1-a267-535f4e37bb17').join('-')
    expect(inlineDebugIds(parseStack(text))).toEqual({})
  })

  it('thousands of scripts and of IDs are not held against each other', () => {
    const id = '85314830-023f-4cf1-a267-535f4e37bb17'
    const ids = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`https://a.io/${index}/app.js`, id]))
    const find = debugIdFinder(ids)
    const found = (url: (index: number) => string, length: number) =>
      Array.from({ length }, (_, index) => find(url(index))).filter(Boolean).length
    expect(found(index => `https://b.io/x/${index}/app.js`, 30_000)).toBe(1000)
    expect(found(index => `https://b.io${'/a'.repeat(2000)}${index}`, 1000)).toBe(0)
    expect(found(index => `${'?'.repeat(4000)}${index}\n`, 1000)).toBe(0)
  })
})

it('a debug ID is found by the whole URL, else by the longest end of the path', () => {
  const ids = (digit: number) => `00000000-0000-4000-8000-00000000000${digit}`
  const deep = `${'a/'.repeat(100)}b.js`
  const find = debugIdFinder({
    'app.js': ids(1),
    'js/app.js': ids(2),
    'https://a.io/other/app.js': ids(3),
    'https://a.io/x.js?v=1': ids(4),
    [deep]: ids(5),
    '': ids(6),
    'odd.js': 'no UUID',
  })
  expect(find('https://b.io/app.js')).toBe(ids(1))
  expect(find('https://b.io/js/app.js?v=2')).toBe(ids(2))
  expect(find('https://b.io/other/app.js')).toBe(ids(3))
  expect(find('https://a.io/x.js?v=1')).toBe(ids(4))
  expect(find('https://a.io/x.js?v=2')).toBe(ids(4))
  expect(find(deep)).toBe(ids(5))
  expect(find(`c/${deep}`)).toBeUndefined()
  expect(find('https://a.io/')).toBeUndefined()
  expect(find('myapp.js')).toBeUndefined()
  expect(find('https://a.io/odd.js')).toBe('no UUID')
  expect(find('toString')).toBeUndefined()
})
