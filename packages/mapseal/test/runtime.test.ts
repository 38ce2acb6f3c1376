import { Buffer } from 'node:buffer'
import { readFile } from 'node:fs/promises'
import vm from 'node:vm'
import { gzipSync } from 'node:zlib'
import { createSnippet } from '@mapseal/core'
import { transform } from 'esbuild'
import { afterEach, describe, expect, it } from 'vitest'
import { debugIdsOf } from '../src/runtime.ts'

const id = '85314830-023f-4cf1-a267-535f4e37bb17'
const other = '0dc2aaea-0f2b-4c7b-8f0e-8a1a3b9d0c11'
const globals = globalThis as Record<string, unknown>

afterEach(() => {
  for (const name of ['_sentryDebugIds', '_posthogChunkIds', '_btDebugIds', 'DD_SOURCE_CODE_CONTEXT', '_debugIds'])
    delete globals[name]
})

it('is under 1 KB', async () => {
  const source = await readFile(new URL('../src/runtime.ts', import.meta.url), 'utf8')
  const { code } = await transform(source, { loader: 'ts', minify: true, format: 'esm', target: 'es2020' })
  console.log(`mapseal/runtime: ${Buffer.byteLength(code)} bytes minified, ${gzipSync(code).length} with gzip`)
  expect(Buffer.byteLength(code)).toBeLessThan(1000)
})

/** Runs a script with the snippet and returns what it throws. */
function thrownBy(url: string, debugId: string, code: string): unknown {
  const snippet = createSnippet([{ global: '_sentryDebugIds' }]).replaceAll(
    '00000000-0000-0000-0000-000000000000',
    debugId,
  )
  try {
    vm.runInThisContext(`${snippet}${code}`, { filename: url, displayErrors: false })
  } catch (error) {
    return error
  }
}

it('finds the debug ID that the snippet registered, and none of scripts that are not in the stack', () => {
  thrownBy('https://shop.example/other.js', other, '')
  const error = thrownBy('https://shop.example/cart.js?v=1', id, 'throw new TypeError("no price")')
  const { stack, debugIds } = debugIdsOf(error)
  expect(debugIds).toEqual({ 'https://shop.example/cart.js?v=1': id })
  expect(stack).toContain('TypeError: no price\n    at https://shop.example/cart.js?v=1:1:')
})

it('follows causes and aggregates, in a circle too', () => {
  const cause = thrownBy('/srv/app/a (copy)/cart.js', id, 'throw new Error("inner")') as Error
  const part = thrownBy('file:///srv/app/part.mjs', other, 'throw new RangeError("part")') as Error
  cause.cause = part
  part.cause = cause
  const report = debugIdsOf(new AggregateError([part], 'all', { cause }))
  expect(report.debugIds).toEqual({ '/srv/app/a (copy)/cart.js': id, 'file:///srv/app/part.mjs': other })
  expect(report.stack.match(/Caused by: /g)).toHaveLength(2)
  expect(report.stack).toMatch(/^AggregateError: all\n.*Caused by: Error: inner\n.*Caused by: RangeError: part\n/s)
})

describe('registries of every engine and tool', () => {
  it.each([
    ['Error\n    at https://a.io/x.js:1:20', 'https://a.io/x.js'],
    ['Error\n    at t (https://a.io/x.js:1:20)\n    at https://a.io/y.js:1:2', 'https://a.io/x.js'],
    ['Error\n    at /srv/a b/x.js:1:20', '/srv/a b/x.js'],
    ['Error\n    at global (address at index.android.bundle:1:20)', 'index.android.bundle'],
    ['@https://a.io/@fs/x.js:1:20\n@https://a.io/y.js:1:2\n', 'https://a.io/@fs/x.js'],
    ['global code@https://a.io/x.js:1:20', 'https://a.io/x.js'],
    ['https://a.io/react@18/x.js:1:20', 'https://a.io/react@18/x.js'],
  ])('%j', (key, url) => {
    globals._sentryDebugIds = { [key]: id }
    expect(debugIdsOf({ name: 'Error', stack: `f@${url}:7:7` }).debugIds).toEqual({ [url]: id })
  })

  it.each([
    ['_posthogChunkIds', id],
    ['_btDebugIds', id],
    ['_debugIds', id],
    ['DD_SOURCE_CODE_CONTEXT', { service: 'shop', version: '1', ddDebugId: id }],
  ])('%s', (global, entry) => {
    globals[global] = { 'Error\n    at https://a.io/x.js:1:20': entry }
    expect(debugIdsOf({ stack: 'f@https://a.io/x.js:7:7' }).debugIds).toEqual({ 'https://a.io/x.js': id })
  })
})

it.each([undefined, null, 'text', 5, {}, { stack: 5 }, new Error('x', { cause: null })])('never fails: %j', thrown => {
  expect(debugIdsOf(thrown)).toEqual({ stack: expect.any(String), debugIds: {} })
})

describe('what cannot be read', () => {
  const fail = () => {
    throw new Error('not to be read')
  }
  const revoked = Proxy.revocable({}, {})
  revoked.revoke()
  const bare = Object.create(null)
  const circle: { cause?: unknown } = {}
  circle.cause = circle

  it.each([
    ['no prototype', bare, 'object\n'],
    ['a cause without one', new Error('outer', { cause: bare }), /^Error: outer\n.*\nCaused by: object\n$/s],
    ['a toString that throws', { toString: fail, message: 'm' }, 'm\n'],
    ['a stack that throws', Object.defineProperty(new Error('e'), 'stack', { get: fail }), 'Error: e\n'],
    ['a stack that has no text', { stack: bare, message: 'm' }, 'm\n'],
    [
      'a message that throws',
      {
        get message() {
          return fail()
        },
      },
      '[object Object]\n',
    ],
    ['a cause that throws', Object.defineProperty(new Error('e'), 'cause', { get: fail }), /^Error: e\n/],
    ['an impossible conversion', { [Symbol.toPrimitive]: 5 }, 'object\n'],
    ['a proxy that throws', new Proxy({}, { get: fail, has: fail, getPrototypeOf: fail }), 'object\n'],
    ['a revoked proxy', revoked.proxy, 'object\n'],
    ['errors that are a revoked proxy', { message: 'm', errors: revoked.proxy }, 'm\n'],
    [
      'errors that throw',
      { message: 'm', errors: Object.defineProperty([], 0, { get: fail, enumerable: true }) },
      'm\n',
    ],
    [
      'no stack and a symbol as message',
      Object.assign(new Error(), { stack: undefined, message: Symbol('s') }),
      'Symbol(s)\n',
    ],
    ['a symbol', Symbol('s'), 'Symbol(s)\n'],
    ['a circle', circle, '[object Object]\n'],
  ] as [string, unknown, string | RegExp][])('%s', (_, thrown, expected) => {
    const { stack, debugIds } = debugIdsOf(thrown)
    expect(debugIds).toEqual({})
    if (typeof expected === 'string') expect(stack).toBe(expected)
    else expect(stack).toMatch(expected)
  })
})

it('takes the message of an object that is not an Error', () => {
  expect(debugIdsOf({ message: 'm' }).stack).toBe('m\n')
  expect(debugIdsOf({ message: 'm', stack: 'f@https://a.io/x.js:1:20' }).stack).toBe('m\nf@https://a.io/x.js:1:20')
})

it('names the error where the engine leaves it out of the stack', () => {
  const error = Object.assign(new TypeError('no price'), { stack: 'pay@https://a.io/x.js:1:20' })
  expect(debugIdsOf(error).stack).toBe('TypeError: no price\npay@https://a.io/x.js:1:20')
})
