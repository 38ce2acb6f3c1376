import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { parseStack } from '../src/symbolicate/stack.ts'

/** `function url:line:column`, the column from 0, as in the API. */
function read(text: string): string {
  const [line] = parseStack(text)
  if (line?.kind !== 'frame') return line?.kind ?? 'nothing'
  const { frame } = line
  const name = `${frame.isAsync ? 'async ' : ''}${frame.function ?? '-'}`
  return `${name} | ${frame.url} ${frame.line} ${frame.column ?? '?'}`
}

describe('frames of V8', () => {
  it.each([
    ['    at pay (https://a.io/x.js:1:20)', 'pay | https://a.io/x.js 1 19'],
    ['    at https://a.io/x.js:1:20', '- | https://a.io/x.js 1 19'],
    ['    at <anonymous> (https://a.io/x.js:1:20)', '- | https://a.io/x.js 1 19'],
    ['    at async pay (https://a.io/x.js:1:20)', 'async pay | https://a.io/x.js 1 19'],
    ['    at async https://a.io/x.js:1:20', 'async - | https://a.io/x.js 1 19'],
    ['    at async Promise.all (index 0)', 'native'],
    ['    at new Shop (https://a.io/x.js:1:20)', 'new Shop | https://a.io/x.js 1 19'],
    ['    at Shop.pay [as checkout] (https://a.io/x.js:1:20)', 'Shop.pay | https://a.io/x.js 1 19'],
    ['    at Object.<anonymous> (/app/dist/x.js:3:1)', '- | /app/dist/x.js 3 0'],
    ['    at Shop.<anonymous> (/app/dist/x.js:3:1)', 'Shop.<anonymous> | /app/dist/x.js 3 0'],
    ['    at get total [as total] (/app/x.js:3:1)', 'get total | /app/x.js 3 0'],
    ['    at pay (file:///app/dist/a%20b.mjs:3:1)', 'pay | file:///app/dist/a%20b.mjs 3 0'],
    ['    at pay (C:\\app\\dist\\x.js:3:1)', 'pay | C:\\app\\dist\\x.js 3 0'],
    ['    at /app (copy)/x.js:3:1', '- | /app (copy)/x.js 3 0'],
    ['    at pay (/app (copy)/x.js:3:1)', 'pay | /app (copy)/x.js 3 0'],
    ['    at pay (https://a.io/x(1).js?v=2:3:4)', 'pay | https://a.io/x(1).js?v=2 3 3'],
    ['    at eval (eval at pay (https://a.io/x.js:1:20), <anonymous>:1:5)', 'eval | https://a.io/x.js 1 19'],
    [
      '    at eval (eval at f (eval at pay (https://a.io/x.js:1:20)), <anonymous>:1:5)',
      'eval | https://a.io/x.js 1 19',
    ],
    ['    at pay (address at index.android.bundle:1:2034)', 'pay | index.android.bundle 1 2034'],
    ['    at Array.map (<anonymous>)', 'native'],
    ['    at Array.forEach (native)', 'native'],
    ['    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)', 'native'],
    ['    at node:internal/main/run_main_module:28:49', 'native'],
    ['    at add (wasm://wasm/2f6a12be:wasm-function[3]:0x5a)', 'native'],
    ['    at wasm://wasm/2f6a12be:1:90', 'native'],
    ['    at pay (https://a.io/x.js:1:20) {', 'pay | https://a.io/x.js 1 19'],
    ['        at https://a.io/x.js:1:20,', '- | https://a.io/x.js 1 19'],
  ])('%s', (line, expected) => {
    expect(read(line)).toBe(expected)
  })
})

describe('frames of Firefox', () => {
  it.each([
    ['pay@https://a.io/x.js:1:20', 'pay | https://a.io/x.js 1 19'],
    ['@https://a.io/x.js:1:20', '- | https://a.io/x.js 1 19'],
    ['pay/<@https://a.io/x.js:1:20', 'pay | https://a.io/x.js 1 19'],
    ['cart/pay@https://a.io/x.js:1:20', 'pay | https://a.io/x.js 1 19'],
    ['async*pay@https://a.io/x.js:1:20', 'async pay | https://a.io/x.js 1 19'],
    ['setTimeout handler*pay@https://a.io/x.js:1:20', 'async pay | https://a.io/x.js 1 19'],
    ['promise callback*@https://a.io/x.js:1:20', 'async - | https://a.io/x.js 1 19'],
    ['pay@https://a.io/@fs/x.js:1:20', 'pay | https://a.io/@fs/x.js 1 19'],
    ['pay@https://a.io/react@18/x.js:1:20', 'pay | https://a.io/react@18/x.js 1 19'],
    ['pay@blob:https://a.io/0b5e:1:20', 'pay | blob:https://a.io/0b5e 1 19'],
    ['@https://a.io/x.js line 7 > eval:1:5', '- | https://a.io/x.js 7 ?'],
    ['pay@https://a.io/x.js line 7 > Function:1:5', 'pay | https://a.io/x.js 7 ?'],
    ['add@https://a.io/m.wasm:wasm-function[3]:0x5a', 'native'],
  ])('%s', (line, expected) => {
    expect(read(line)).toBe(expected)
  })
})

describe('frames of Safari', () => {
  it.each([
    ['pay@https://a.io/x.js:1:20', 'pay | https://a.io/x.js 1 19'],
    ['https://a.io/react@18/x.js:1:20', '- | https://a.io/react@18/x.js 1 19'],
    ['global code@https://a.io/x.js:1:20', '- | https://a.io/x.js 1 19'],
    ['module code@https://a.io/x.js:1:20', '- | https://a.io/x.js 1 19'],
    ['map@[native code]', 'native'],
    ['<?>.wasm-function[add]@[wasm code]', 'native'],
  ])('%s', (line, expected) => {
    expect(read(line)).toBe(expected)
  })
})

describe('text that is not a frame', () => {
  it.each([
    'TypeError: t.pay is not a function',
    'Error: write to me@example.com:12:3',
    'at the end of the day',
    'look at https://a.io for more',
    '',
    'Node.js v20.20.2',
    '    ... 4 lines matching cause stack trace ...',
  ])('%s', line => {
    expect(read(line)).toBe('text')
  })
})

it('a line longer than any frame is text', () => {
  expect(read(`    at pay (https://a.io/${'x'.repeat(5000)}.js:1:20)`)).toBe('text')
})

it('keeps every line of several stacks in one text', () => {
  const inner = new AggregateError([new TypeError('first'), new RangeError('second')], 'both')
  const text = inspect(new Error('outer', { cause: inner }), { depth: 5 })
  const lines = parseStack(text)
  expect(lines.map(line => line.raw).join('\n')).toBe(text)
  for (const line of text.split('\n').filter(line => line.includes('symbolicate-stack.test.ts:'))) {
    expect(lines).toContainEqual(expect.objectContaining({ kind: 'frame', raw: line }))
  }
  expect(lines.filter(line => line.kind === 'frame').length).toBeGreaterThanOrEqual(4)
})
