import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect, stripVTControlCharacters } from 'node:util'
import vm from 'node:vm'
import { transform } from 'esbuild'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { candidates } from '../src/symbolicate/log/candidates.ts'
import { expandLog } from '../src/symbolicate/log/expand.ts'
import { followLog } from '../src/symbolicate/log/follow.ts'
import { findFrames } from '../src/symbolicate/log/frames.ts'
import { symbolicate } from '../src/symbolicate/symbolicate.ts'
import { addBuild, memoryVault } from './symbolicate-memory.ts'

const url = 'https://shop.example/assets/cart-3f2a.js'
const debugId = '85314830-023f-4cf1-a267-535f4e37bb17'
const source = `function priceOf(item) {
  if (item.price === undefined) throw new Error('no "price" for\\ttea')
  return item.price
}
export function checkout() {
  return priceOf({})
}
checkout()
`

let artifact: { path: string; debugId: string; code: Buffer; map: Buffer }
let error: Error
/** What the stack says in the original. */
const frames = ['at priceOf (src/cart.js:2:39)', 'at checkout (src/cart.js:6:10)']
let vault: ReturnType<typeof memoryVault>

beforeAll(async () => {
  const sourcefile = '../../src/cart.js'
  const { code, map } = await transform(source, { minify: true, format: 'iife', sourcemap: 'external', sourcefile })
  artifact = { path: 'assets/cart-3f2a.js', debugId, code: Buffer.from(code), map: Buffer.from(map) }
  try {
    vm.runInThisContext(code, { filename: url, displayErrors: false })
  } catch (cause) {
    error = cause as Error
    error.stack = error.stack
      ?.split('\n')
      .filter(line => !line.startsWith('    at ') || line.includes(url))
      .slice(0, 3)
      .join('\n')
  }
})
beforeEach(async () => {
  vault = memoryVault()
  await addBuild(vault, [artifact])
})

const stack = () => error.stack ?? ''
const nested = (depth: number): string =>
  depth === 0 ? stack() : JSON.stringify({ message: nested(depth - 1), time: '10:15:00' })

/** What loggers write of an error. */
const logs: Record<string, () => string> = {
  'a stack': stack,
  'Node with colours': () => stack().replace(/\((\S+\/)(.*)\)/g, '\x1b[90m($1\x1b[39m$2\x1b[90m)\x1b[39m'),
  pino: () => JSON.stringify({ level: 50, time: 1, err: { type: 'Error', message: 'x', stack: stack() }, msg: 'x' }),
  winston: () => JSON.stringify({ level: 'error', message: 'x', stack: stack(), timestamp: '2026-11-21T10:15:00Z' }),
  bunyan: () => JSON.stringify({ name: 'shop', err: { name: 'Error', stack: stack() }, v: 0 }),
  'a message of CloudWatch in JSON': () => nested(2),
  'a line of Loki around one of Docker': () => nested(3),
  'JSON behind a prefix': () => `2026-11-21T10:15:00Z stderr F ${nested(1)}`,
  'a prefix for each line': () => stack().replace(/^/gm, '2026-11-21T10:15:00.123Z ERROR [web] '),
  'docker compose': () => stack().replace(/^/gm, 'web-1  | '),
  'a quoted reply': () => stack().replace(/^ */gm, '> '),
  logfmt: () => `level=error msg=x stack=${JSON.stringify(stack())} trace=1`,
  'one line': () => stack().replace(/\n\s+/g, ' '),
  'escaped, without quotes': () => stack().replace(/\n/g, '\\n'),
  "an object of Node's": () => inspect({ stack: stack() }),
  'a cause': () => inspect(new Error('outer', { cause: error })),
  'a clone': () => inspect(structuredClone(error)),
  'a rejection': () => `Uncaught (in promise) ${stack()}`,
  'base names': () => stack().replaceAll(url, 'cart-3f2a.js'),
  'app:///': () => stack().replaceAll(url, 'app:///cart-3f2a.js'),
  Firefox: () =>
    JSON.stringify({
      stack: stack()
        .replace(/^Error.*\n/, '')
        .replace(/ +at (\S+) \((.*)\)/g, '$1@$2'),
    }),
}

describe.each(Object.entries(logs))('%s', (_, log) => {
  it('is read', async () => {
    const { lines } = await symbolicate(`before\n${log()}\nafter`, vault)
    const read = lines.filter(line => line.kind === 'original').map(({ original }) => original)
    expect(read.map(({ function: name, source, line }) => `${name} ${source}:${line}`).slice(0, 2)).toEqual([
      'priceOf src/cart.js:2',
      'checkout src/cart.js:6',
    ])
    expect([lines[0]?.raw, lines.at(-1)?.raw]).toEqual(['before', 'after'])
  })

  it('is followed, and every byte outside of its frames stays', async () => {
    const text = `before \u2028 é\n${log()}\r\nafter ☕`
    const read = await followed(text, 7)
    const isMozilla = !log().includes('at ')
    const shown = isMozilla ? frames.map(frame => frame.replace(/^at (\S+) \((.*)\)$/, '$1@$2')) : frames
    for (const frame of shown) expect(read).toContain(frame)
    const around = (line: string) =>
      stripVTControlCharacters(line).replace(/(?:at )?(?:async )?[\w.$]+(?: \(|@)[^\s()"']+:\d+:\d+\)?/g, '…')
    expect(around(read)).toBe(around(text))
  })
})

async function followed(text: string, size: number): Promise<string> {
  const reader = await followLog(vault)
  const bytes = Buffer.from(text)
  const parts: Uint8Array[] = []
  for (let at = 0; at < bytes.length; at += size) parts.push(...(await reader.read(bytes.subarray(at, at + size))))
  return Buffer.concat([...parts, ...(await reader.end())]).toString()
}

describe('a followed log', () => {
  it('comes out byte by byte where it is not text', async () => {
    const bytes = Buffer.from([0xff, 0xfe, 0x0a, 0x00, 0xc3, 0x28, 0x40, 0x3a, 0x31, 0x0a, 0x80])
    const reader = await followLog(vault)
    expect(Buffer.concat([...(await reader.read(bytes)), ...(await reader.end())])).toEqual(bytes)
  })

  it('gives a line as soon as it is complete', async () => {
    const reader = await followLog(vault)
    expect(Buffer.concat(await reader.read(Buffer.from('one\ntw'))).toString()).toBe('one\n')
    expect(Buffer.concat(await reader.read(Buffer.from('o\n'))).toString()).toBe('two\n')
  })

  it('reads a script by the debug ID in its line', async () => {
    const line = JSON.stringify({ stack: stack().replaceAll(url, '/x.js'), debugIds: { '/x.js': debugId } })
    expect(await followed(`${line}\n`, 100)).toContain(frames[0])
  })

  it('leaves frames of others as they are', async () => {
    const text = '    at other (https://cdn.example/other.js:1:20)\n'
    expect(await followed(text, 100)).toBe(text)
  })
})

it('only the pieces of a line that are UTF-8 are read', async () => {
  const bytes = Buffer.concat([
    Buffer.from('{"message":"'),
    Buffer.from([0xff, 0xc3]),
    Buffer.from(`",${nested(1).slice(1)}\n`),
  ])
  const reader = await followLog(vault)
  const read = Buffer.concat(await reader.read(bytes))
  expect(read.toString()).toContain(frames[1])
  expect(read.subarray(0, 14)).toEqual(bytes.subarray(0, 14))
})

it.each<[string, string, number]>([
  ['logfmt with tabs', `err="Error: x\\n\\tat t (${url}:1:20)\\n\\tat ${url}:1:30" a=1`, 2],
  ['Heroku', `2026-11-21T10:15:00.000+00:00 app[web.1]:     at t (${url}:1:20)`, 1],
  ['Kubernetes', `2026-11-21T10:15:00.000000000Z stdout F     at t (${url}:1:20)`, 1],
  ['the repr of Python', `{'stack': 'Error: x\\n    at t (${url}:1:20)\\n    at n (${url}:1:30)'}`, 2],
  ['syslog', `<11>app: Error: x#012    at t (${url}:1:20)#012    at n (${url}:1:30)`, 2],
  ['JSON with escaped slashes', JSON.stringify({ stack: `Error\n    at t (${url}:1:20)` }).replaceAll('/', '\\/'), 1],
  ['colours around a line', `\u001b[31m    at t (${url}:1:20)\u001b[39m`, 1],
  ['lines without indentation', `{"stack":"Error: x\\nat t (${url}:1:20)\\nat n (${url}:1:30)"}`, 2],
  ['Safari in JSON', JSON.stringify({ stack: `t@${url}:1:20\nglobal code@${url}:1:30` }), 2],
  ['Firefox in JSON', JSON.stringify({ stack: `t@${url}:1:20\nasync*n@${url}:1:30\n@${url}:1:40\n` }), 3],
  ['Hermes', '    at t (address at index.android.bundle:1:20)', 1],
  ['code in an eval', `    at eval (eval at t (${url}:1:20), <anonymous>:1:1)`, 1],
  ['Windows', '    at t (C:\\srv\\new\\app.js:1:20)', 1],
  ['a frame of the engine', '    at Array.map (<anonymous>)', 0],
  ['WebAssembly', '    at wasm://wasm/2f6a12be:wasm-function[3]:0x5a', 0],
])('the frames of %s are found, and not passed over', (_, line, count) => {
  expect(findFrames(line)).toHaveLength(count)
  if (count > 0)
    expect([...candidates(`before\n${line}`)]).toEqual([{ start: 'before\n'.length, end: `before\n${line}`.length }])
})

it('one file of a base name is enough, which a note says', async () => {
  const { notes } = await symbolicate(stack().replaceAll(url, 'cart-3f2a.js'), vault)
  expect(notes).toEqual([expect.stringContaining('cart-3f2a.js: read as assets/cart-3f2a.js')])
})

it('a frame without a column says so', async () => {
  const { lines } = await symbolicate(`    at t (${url}:1)`, vault)
  expect(lines).toMatchObject([{ kind: 'unresolved', reason: 'no-column' }])
})

it.each([
  'listening at http://localhost:4700',
  'started at 10:15:00',
  'mail to me@example.com:12:3',
  '{"time":"10:15:00","msg":"at 10:15:00\\nat once"}',
  'look at https://a.io/x.js:1:2 please',
])('text is not a frame: %s', text => {
  expect(findFrames(text)).toEqual([])
  expect(expandLog(text)).toBe(text)
})

it('stacks as engines print them stay as they are', () => {
  const folder = join(import.meta.dirname, 'stacks')
  for (const name of readdirSync(folder).filter(name => name.endsWith('.txt'))) {
    const text = readFileSync(join(folder, name), 'utf8')
    expect(expandLog(text)).toBe(text)
  }
})

it.each(['at ', 'at a (', '@', '\\n', '\\\\n at ', '"', 'at x:1', ':1:1)', '{"a":"\\n', "'at ", '\\'])(
  'very many %s come to an end',
  piece => {
    const line = piece.repeat(Math.floor(500_000 / piece.length))
    // Linear takes a second; quadratic, hours.
    expect(expandLog(`${line}:1`).length).toBeGreaterThan(0)
  },
)
