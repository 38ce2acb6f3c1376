import { describe, expect, it } from 'vitest'
import { editMap } from '../src/map/edit.ts'
import { openMap } from '../src/map/read/open.ts'
import { validateMap } from '../src/map/validate/validate.ts'
import { writeSigned, writeUnsigned } from '../src/map/vlq.ts'
import { createMapReader } from '../src/symbolicate/map-reader.ts'
import { findFunctions } from '../src/symbolicate/source/functions.ts'
import { createSourceText } from '../src/symbolicate/source/text.ts'
import { tokenize } from '../src/symbolicate/source/tokens.ts'

const reader = (map: object, path = 'app.js') => createMapReader(Buffer.from(JSON.stringify(map)), path)
/** The same digits of a number that goes on. */
const asContinued = (digits: string) => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
  return digits.slice(0, -1) + alphabet[alphabet.indexOf(digits.slice(-1)) | 32]
}
const flat = { version: 3, sources: ['a.ts'], names: ['x'], mappings: 'AAAA' }

describe('broken and hostile maps', () => {
  it.each([
    ['an invalid digit', 'AAAA,A!AA', 'not a base64 digit'],
    ['a number cut off', 'AAAA,AAg', 'cut off'],
    ['a number of 40 bits', `AAAA,${'+'.repeat(7)}A`, 'exceeds 32 bits'],
    ['a number of megabytes', `AAAA,${'+'.repeat(5_000_000)}A`, 'exceeds 32 bits'],
    ['a number that ends in megabytes of padding', `AAAA,${'g'.repeat(5_000_000)}C`, 'exceeds 32 bits'],
    ['a segment of three fields', 'AAAA,AAA', 'has 3 fields'],
    ['a segment of megabytes', `AAAA,${'A'.repeat(5_000_000)}`, 'has 5000000 fields'],
  ])('%s', (_, mappings, message) => {
    const map = reader({ ...flat, mappings })
    expect(() => map.at(1, 5, 0)).toThrow(message)
    expect(map.at(1, 0, 0), 'what stands before it is read').toMatchObject({ source: 'a.ts' })
  })

  it('takes the numbers that the validator takes, and no others', () => {
    const columns = ['C', 'gC', '+/////D', '+/////B', '+/////jA', '+/////E', '+/////jC', '+/////gC', 'ggggggE']
    const padded = columns.flatMap(column => [1, 2, 30].map(count => `${asContinued(column)}${'g'.repeat(count)}A`))
    for (const column of [...columns, ...padded]) {
      const map = { ...flat, mappings: `${column}AAA` }
      const problems = validateMap(Buffer.from(JSON.stringify(map)))
      const end = 2 ** 31 - 1
      const isRead = (() => {
        try {
          return reader(map).at(1, end, 0) !== undefined
        } catch {
          return false
        }
      })()
      expect([column, isRead]).toEqual([column, problems.length === 0])
      const shift = () => editMap(Buffer.from(JSON.stringify(map)), { insertion: { line: 1, column: 0, length: 0 } })
      if (problems.length === 0) expect(JSON.parse(shift().toString()).mappings).toMatch(/AAA$/)
      else expect(shift).toThrow('broken')
    }
  })

  it.each(['{', '[]', '"x"', '{"version":3}', '{"mappings":1}', `{"sections":[{}]}`])('%s is not a map', text => {
    expect(() => createMapReader(Buffer.from(text), 'app.js')).toThrow(SyntaxError)
  })

  it('an offset of two billion lines costs nothing', () => {
    const sections = [
      { offset: { line: 0, column: 0 }, map: flat },
      { offset: { line: 2 ** 31 - 1, column: 2 ** 31 - 1 }, map: flat },
    ]
    const map = openMap(Buffer.from(JSON.stringify({ version: 3, sections })), 'app.js')
    expect(map.find(2 ** 31 - 1, 2 ** 31 - 1)).toMatchObject({ segment: { isExact: true } })
    expect(map.find(5, 5)).toBe('none')
    expect(map.size).toBeLessThan(5_000)
  })

  it.each([2 ** 31, -1, 1.5, '"1"', null])('an offset %s is refused', line => {
    const json = `{"version":3,"sections":[{"offset":{"line":${line},"column":0},"map":${JSON.stringify(flat)}}]}`
    expect(() => createMapReader(Buffer.from(json), 'app.js')).toThrow('offset')
  })

  it('sections that stand in each other, deep JSON and millions of keys', () => {
    const nested = `${'{"sections":[{"offset":{"line":0,"column":0},"map":'.repeat(1000)}{}${'}]}'.repeat(1000)}`
    expect(() => createMapReader(Buffer.from(nested), 'a').at(1, 0, 0)).toThrow('4 deep')
    const deep = `{"x":${'['.repeat(1_000_000)}${']'.repeat(1_000_000)},"version":3,"sources":["a.ts"],"mappings":"AAAA"}`
    expect(createMapReader(Buffer.from(deep), 'a').at(1, 0, 0)).toMatchObject({ source: 'a.ts' })
    const keys = Array.from({ length: 200_000 }, (_, index) => `"k${index}":0`).join()
    const wide = createMapReader(Buffer.from(`{${keys},"sources":["a.ts"],"mappings":"AAAA"}`), 'a')
    expect(wide.at(1, 0, 0)).toMatchObject({ source: 'a.ts' })
  })

  it('fields of other kinds', () => {
    const map = {
      ...flat,
      names: 5,
      sources: [null],
      sourcesContent: [{ a: 1 }],
      ignoreList: 'x',
      sourceRoot: 7,
      mappings: 'AAAAA',
    }
    expect(reader(map).at(1, 0, 2)).toEqual({
      source: '(unnamed source)',
      line: 1,
      column: 0,
      isIgnored: false,
      isExact: true,
    })
  })

  it('positions that add up to nowhere', () => {
    expect(reader({ ...flat, mappings: 'ADAA' }).at(1, 0, 0)).toBeUndefined()
    expect(reader({ ...flat, mappings: 'AADA' }).at(1, 0, 0)).toBeUndefined()
    expect(reader({ ...flat, mappings: 'ACAA' }).at(1, 0, 0)).toMatchObject({ source: '(unnamed source)' })
  })

  it('an index an eighth as large as the mappings, whatever they hold', () => {
    for (const mappings of [';'.repeat(1_000_000), 'AAAA,'.repeat(200_000), 'A'.padEnd(1_000_000, ',;')]) {
      const json = Buffer.from(JSON.stringify({ ...flat, mappings }))
      const map = openMap(json, 'app.js')
      map.find(10_000_000, 0)
      expect(map.size - json.length).toBeLessThan(mappings.length / 4 + 5000)
    }
  })
})

describe('scopes', () => {
  const start = (flags: number, line: number, column: number, name?: number) =>
    `B${[flags, line, column].map(writeUnsigned).join('')}${name === undefined ? '' : writeSigned(name)}`
  const end = (line: number, column: number) => `C${writeUnsigned(line)}${writeUnsigned(column)}`
  // a.ts: f() { … } in lines 1 to 3, g() { f() } in lines 5 to 7, of which f is put in place of its call on line 6.
  const scopes = [
    '',
    start(0, 0, 0),
    start(5, 0, 0, 0),
    end(2, 1),
    start(5, 2, 0, 1),
    end(2, 1),
    end(0, 10),
    `E${writeUnsigned(4)}${writeUnsigned(0)}`,
    `E${writeUnsigned(0)}${writeUnsigned(10)}`,
    `I${writeUnsigned(1)}${writeUnsigned(5)}${writeUnsigned(2)}`,
    `F${writeUnsigned(10)}`,
    `F${writeUnsigned(80)}`,
  ].join(',')
  const map = {
    version: 3,
    sources: ['other.ts', 'a.ts'],
    names: ['f', 'g'],
    mappings: `ACAA,${writeSigned(12)}ACE,${writeSigned(20)}AIC`,
    scopes,
  }

  it('name the function, and the calls that it was put in place of', () => {
    expect(reader(map).at(1, 12, 0)).toMatchObject({
      source: 'a.ts',
      line: 2,
      enclosing: { name: 'f', from: 'scopes' },
      inlinedInto: [{ function: 'g', source: 'a.ts', line: 6, column: 2, isIgnored: false }],
    })
  })

  it('of code that was not inlined', () => {
    const position = reader(map).at(1, 40, 0)
    expect(position).toMatchObject({ line: 6, enclosing: { name: 'g', from: 'scopes' } })
    expect(position).not.toHaveProperty('inlinedInto')
  })

  it.each(['C', 'F', 'B!', 'zzzzzzzzzzzz'])('broken ones are an error: %s', broken => {
    expect(() => reader({ ...map, scopes: broken }).at(1, 12, 0)).toThrow('scopes are broken')
  })
})

describe('functions of a source', () => {
  it.each([
    ['export function plain(x: number): Promise<{ a: number }> { ▸ }', 'plain'],
    ['async function* gen() { ▸ }', 'gen'],
    ['export const arrow = async (x: string): Promise<void> => { ▸ }', 'arrow'],
    ['const short = x => x + ▸ 1\nconst other = 1', 'short'],
    ['const short = x => x + 1\nconst other = ▸ 1', undefined],
    ['const typed: Handler<A, B> = ({ a }) => a / ▸ 2', 'typed'],
    ['class Cart<T> extends Base<T> { constructor(private a: string, b = {}) { ▸ } }', 'new Cart'],
    ["class Cart { get total() { if (/[{]/.test('}')) { ▸ } } }", 'Cart.total'],
    ['class Cart { static async load<T>(url: string): Promise<T[]> { ▸ } }', 'Cart.load'],
    ['class Cart { async #secret() { ▸ } }', 'Cart.#secret'],
    ['function f(): number { return 1 }\nexport class Cart { total(): number { ▸ } }', 'Cart.total'],
    ['function f(): number { return 1 }\ntry { ▸ } finally {}', undefined],
    ['class Cart { handle = () => { ▸ } }', 'handle'],
    ['class Cart { [key]() { ▸ } }', undefined],
    ['const Cart = class { pay() { ▸ } }', 'Cart.pay'],
    ['function f() { items.map(item => ▸ item) }', undefined],
    ['const o = { method() { ▸ } }', 'method'],
    ["const o = { 'quoted-key': function () { ▸ } }", 'quoted-key'],
    ['const o = { arrow: async () => ▸ 1, other: 2 }', 'arrow'],
    ['module.exports.pay = function () { ▸ }', 'pay'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the source of a template
    ['const a = `x ${items.map(function inner(x) { return `${▸ x}` })} {`', 'inner'],
    ["function App() { return <p>Don't { items.length } ▸ worry</p> }", 'App'],
    ['function f() { for (const a of b) { if (c) { ▸ } } }', 'f'],
    ['function f() {} // }\n/* { */ ▸', undefined],
    ['function f({ a, b } = {}, [c] = []) { ▸ }', 'f'],
    ['export default function () { ▸ }', 'default'],
    ['const o = { onSave: event => ▸ 1 }', 'onSave'],
    ['const o = { onSave: a ? (b) : c => ▸ 1 }', undefined],
    ['const o = { 401: () => ▸ 1 }', '401'],
    ['function f(): (x: string) => void { ▸ }', 'f'],
    ['const isId = (id?: string): id is string => ▸ true', 'isId'],
    ['const open: Api.open = () => { ▸ }', 'open'],
    ['const error: () => Api.Errors = () => { ▸ }', 'error'],
    ['Cart.prototype[name] = function () { ▸ }', undefined],
    ['class Task { catch() { ▸ } }', 'Task.catch'],
    ['const make = base =>\n  function Impl() { ▸ }', 'Impl'],
    ['const save = useCallback(async () => { ▸ }, [])', 'save'],
    ['const Row = React.memo(({ id }) => { ▸ })', 'Row'],
    ['const total = items.reduce((a, b) => ▸ a + b)', undefined],
    ['const b = <button onClick={() => { ▸ }} />', undefined],
  ])('%s', (marked, expected) => {
    const at = marked.indexOf('▸')
    const before = marked.slice(0, at).split('\n')
    const text = createSourceText(marked.replace('▸', ' '), 'a.tsx')
    expect(text.functionAt(before.length, before.at(-1)?.length ?? 0)).toEqual(
      expected === undefined ? {} : { name: expected },
    )
  })

  it('in the script of a component alone', () => {
    const vue = `<template><p>it's {{ function x() { }}</p></template>\n<script setup>\nfunction pay() {\n  1\n}\n</script>`
    expect(createSourceText(vue, 'src/Cart.vue').functionAt(4, 2)).toEqual({ name: 'pay' })
  })

  it.each([
    ['Cart.vue', '<script setup>\n▸ load()\n</script>', { name: 'setup' }],
    ['Cart.svelte', '<script lang="ts">\n▸ load()\n</script>', { name: 'Cart' }],
    ['Cart.svelte', '<script module>\n▸ load()\n</script>', {}],
    ['Cart.svelte', '<script>function save() {}</script>\n<button onclick={() => ▸ save()}>', {}],
    ['Cart.astro', '---\nfunction load() {\n  ▸ fetch()\n}\n---\n<p>', { name: 'load' }],
  ])('in %s: %s', (path, marked, expected) => {
    const before = marked.slice(0, marked.indexOf('▸')).split('\n')
    const text = createSourceText(marked.replace('▸', ' '), `src/${path}`)
    expect(text.functionAt(before.length, before.at(-1)?.length ?? 0)).toEqual(expected)
  })

  it.each(["'", '/[', '\\"', '`$'.concat('{'), '(]', '{', 'x=>', '<script>', 'class a{', ':(', '>(a){'])(
    'of very many %s come to an end',
    piece => {
      const text = piece.repeat(Math.floor(300_000 / piece.length))
      expect(tokenize(text).count).toBeLessThanOrEqual(text.length)
      findFunctions(text)
      // Linear takes a second; quadratic, hours.
      createSourceText(text, 'a.vue').functionAt(1, 250_000)
    },
  )
})

describe('source lines', () => {
  const text = createSourceText('one\r\ntwo\nthree\n', 'a.ts')
  it.each([
    [1, 1, { firstLine: 1, lines: ['one', 'two'] }],
    [3, 1, { firstLine: 2, lines: ['two', 'three'] }],
    [4, 1, { firstLine: 3, lines: ['three', ''] }],
    [5, 1, undefined],
  ])('around line %d', (line, around, expected) => {
    expect(text.context(line, around)).toEqual(expected)
  })
})
