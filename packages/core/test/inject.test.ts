import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { inject } from '../src/inject/inject.ts'
import { createSnippet, defaultRegistry } from '../src/inject/snippet.ts'

const snippet = createSnippet([defaultRegistry])
const options = { path: 'assets/a.js', snippet }
const uuid8 = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

function registered(code: string): string[] {
  const context: { _sentryDebugIds?: Record<string, string> } = {}
  runInNewContext(code, context, { filename: 'a.js' })
  return Object.values(context._sentryDebugIds ?? {})
}

test('the ID is in the registry and in the last line, and is a UUID of version 8', () => {
  const { code, debugId } = inject('var a = 1', options)
  expect(debugId).toMatch(uuid8)
  expect(registered(code)).toEqual([debugId])
  expect(code.endsWith(`\n//# debugId=${debugId}\n`)).toBe(true)
})

test('the snippet stands on the line of the first statement, and says where', () => {
  const { code, insertion } = inject('#!/usr/bin/env node\n"use strict"; run()', options)
  expect(code.startsWith('#!/usr/bin/env node\n"use strict"; ;!function')).toBe(true)
  expect(insertion).toEqual({ line: 2, column: 14, length: snippet.length })
})

test('columns are UTF-16 units without the BOM, for text and for bytes', () => {
  const source = '\ufeff/* 😀é */ run()'
  const expected = { line: 1, column: 10, length: snippet.length }
  expect(inject(source, options).insertion).toEqual(expected)
  expect(inject(Buffer.from(source), options).insertion).toEqual(expected)
})

test('text and bytes give the same file and the same ID', () => {
  const source = '"use strict"\nvar ü = "😀"'
  const text = inject(source, options)
  const bytes = inject(Buffer.from(source), options)
  expect(bytes.code.toString()).toBe(text.code)
  expect(bytes.debugId).toBe(text.debugId)
})

test('bytes of which only the ends are read give the same, too', () => {
  const filler = 'ü'.repeat(20_000)
  const sources = [
    `/*! ${filler} */ 'use strict';run("${filler}")\n//# sourceMappingURL=a.js.map`,
    `run('${filler}')\n`,
    `'use client';\n/*${filler}*/'use strict'\n;run()`,
    `// ${filler}`,
  ]
  for (const source of sources) {
    const { code, ...text } = inject(source, options)
    const bytes = inject(Buffer.from(source), options)
    expect({ ...bytes, code: bytes.code.toString() }).toEqual({ ...text, code })
  }
})

test('the ID depends on the path, the code and the snippet, and on nothing else', () => {
  const id = (code: string, other = {}) => inject(code, { ...options, ...other }).debugId
  expect(id('run()')).toBe(id('run()\n//# sourceMappingURL=a.js.map\n'))
  expect(id('run()')).not.toBe(id('run(1)'))
  expect(id('run()')).not.toBe(id('run()', { path: 'b.js' }))
  const release = createSnippet([defaultRegistry], { name: '1.10.0', source: 'option' })
  expect(id('run()')).not.toBe(id('run()', { snippet: release }))
})

test('the link to the source map is taken out', () => {
  expect(inject('run()\n//# sourceMappingURL=a.js.map', options).code).not.toContain('sourceMappingURL')
})

const id = 'AAAAAAAA-2222-4333-8444-555555555555'
const canonical = id.toLowerCase()

test('an ID in the comment is adopted and registered', () => {
  const { code, debugId, insertion } = inject(`run = 1\n//# debugId=${id}`, options)
  expect(debugId).toBe(canonical)
  expect(registered(code)).toEqual([canonical])
  expect(insertion).toBeDefined()
})

test('an ID that only the map has is adopted', () => {
  expect(inject('run = 1', { ...options, mapDebugId: id }).debugId).toBe(canonical)
})

test('an ID that another file has is not adopted', () => {
  const takeId = (wanted: string) => wanted !== canonical
  const { code, debugId } = inject(`run = 1\n//# debugId=${id}`, { ...options, takeId })
  expect(debugId).toMatch(uuid8)
  expect(code).not.toContain(id)
})

test('injecting twice changes nothing', () => {
  const once = inject('"use strict";run = 1', options)
  const twice = inject(once.code, options)
  expect(twice).toEqual({ code: once.code, debugId: once.debugId })
})

test("the ID of Sentry's own snippet is adopted, not doubled", () => {
  const theirs =
    '!function(){try{var e=globalThis,n=(new e.Error).stack;n&&(e._sentryDebugIds=e._sentryDebugIds||{},' +
    `e._sentryDebugIds[n]="${canonical}",e._sentryDebugIdIdentifier="sentry-dbid-${canonical}");}catch(e){}}();`
  const { code, debugId, insertion } = inject(`${theirs}run = 1`, options)
  expect(debugId).toBe(canonical)
  expect(insertion).toBeUndefined()
  expect(code.match(/_sentryDebugIds\[/g)).toHaveLength(1)
})

test('code that only mentions the registry is injected', () => {
  const code = `var a = globalThis._sentryDebugIds || {}; a = '_sentryDebugIds[n]="${canonical}"'`
  expect(inject(code, options).insertion).toBeDefined()
})

test('a file that ends in a line comment is still registered', () => {
  const { code, debugId } = inject('"use strict" // nothing else', options)
  expect(registered(code)).toEqual([debugId])
})

test('provisional hashes do not reach the ID', () => {
  const neutralize = (text: string) => text.replace(/abcd1234|ef567890/g, '00000000')
  const one = inject('load("x.abcd1234.js")', { ...options, path: 'm.abcd1234.js', neutralize })
  const two = inject('load("x.ef567890.js")', { ...options, path: 'm.ef567890.js', neutralize })
  expect(one.debugId).toBe(two.debugId)
})
