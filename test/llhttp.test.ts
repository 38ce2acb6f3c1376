import { createRequire } from 'node:module'
import { array, assert, constantFrom, integer, property, string } from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { llhttp } from '../scripts/llhttp.mjs'

/** The package has undici's parser of responses as JavaScript; undici itself has it as WebAssembly. Both must read alike. */

interface Parser {
  memory: { buffer: ArrayBuffer }
  malloc(bytes: number): number
  llhttp_alloc(type: number): number
  llhttp_execute(parser: number, bytes: number, length: number): number
  llhttp_finish(parser: number): number
  llhttp_get_error_pos(parser: number): number
}
type Imports = Record<string, (parser: number, ...args: number[]) => number>

const responses = 2
const wasm: Uint8Array<ArrayBuffer> = createRequire(import.meta.url)('undici/lib/llhttp/llhttp_simd-wasm.js')
let ours: (imports: { env: Imports }) => Parser

beforeAll(async () => {
  ours = new Function(`${await llhttp('parser')}; return parser`)()
}, 300_000)

function theirs(imports: { env: Imports }): Parser {
  return new WebAssembly.Instance(new WebAssembly.Module(wasm), imports).exports as unknown as Parser
}

/** Each call of the parser with its bytes, and what it returned for each chunk and for the end. */
function read(create: typeof ours, chunks: string[]): unknown[] {
  const calls: unknown[] = []
  const bytes = (at: number, length: number) => Buffer.from(parser.memory.buffer, at, length).toString('latin1')
  const names = ['url', 'status', 'header_field', 'header_value', 'body']
  const spans = names.map(name => [`wasm_on_${name}`, (_: number, at = 0, length = 0) => call(name, bytes(at, length))])
  const events = ['message_begin', 'headers_complete', 'message_complete']
  const plain = events.map(name => [`wasm_on_${name}`, (_: number, ...args: number[]) => call(name, ...args)])
  const parser = create({ env: Object.fromEntries([...spans, ...plain]) })
  const self = parser.llhttp_alloc(responses)
  for (const chunk of chunks) {
    const text = Buffer.from(chunk, 'latin1')
    const at = parser.malloc(text.length)
    new Uint8Array(parser.memory.buffer).set(text, at)
    const error = parser.llhttp_execute(self, at, text.length)
    calls.push(error, error && parser.llhttp_get_error_pos(self) - at)
  }
  return [...calls, parser.llhttp_finish(self)]

  function call(...entry: unknown[]): number {
    calls.push(entry)
    return 0
  }
}

const lines = [
  'HTTP/1.1 200 OK',
  'HTTP/1.0 413 Payload Too Large',
  'HTTP/1.1 100 Continue',
  'HTTP/1.1 204 No Content',
  'Content-Length: 5',
  'content-length: x',
  'Transfer-Encoding: chunked',
  'Connection: close, upgrade',
  'Retry-After: 1',
  'X-Folded: a',
  ' folded',
  '5;ext=1',
  'hello',
  '0',
  '',
  '',
]
const part = constantFrom(...lines.map(line => `${line}\r\n`), '\n', '\r', 'hello', ':')

test('the parser in JavaScript reads responses as the one in WebAssembly does', () => {
  const whole = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n'
  expect(read(ours, [whole])).toContainEqual(['body', 'hello'])
  const response = array(part, { minLength: 1, maxLength: 14 }).map(parts => `${lines[0]}\r\n${parts.join('')}`)
  const anything = string({ unit: 'binary-ascii', maxLength: 40 })
  assert(
    property(response, anything, array(integer({ min: 0, max: 200 }), { maxLength: 4 }), (text, noise, cuts) => {
      const all = text + noise
      const at = [0, ...cuts.map(cut => Math.min(cut, all.length)).sort((a, b) => a - b), all.length]
      const chunks = at.slice(1).map((end, index) => all.slice(at[index], end))
      expect(read(ours, chunks)).toEqual(read(theirs, chunks))
    }),
    { numRuns: 1000 },
  )
})
