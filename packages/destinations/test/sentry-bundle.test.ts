import { createHash } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readBundle } from '../../../test/support/sentry-server-bundle.ts'
import { type BundleAttributes, layOutBundle } from '../src/sentry/bundle/bundle.ts'
import { cutBundle } from '../src/sentry/bundle/chunks.ts'
import { collectFiles } from '../src/sentry/bundle/collect.ts'
import { blocksOf, type Piece } from '../src/sentry/bundle/pieces.ts'
import { openSpill, type Spill } from '../src/sentry/bundle/spill.ts'
import { fileUrl, zipPath } from '../src/sentry/bundle/url.ts'
import { type Build, listen, once, sourceText, toBuild } from './sentry-build.ts'

const sha1 = (bytes: Buffer) => createHash('sha1').update(bytes).digest('hex')

let spill: Spill
beforeEach(async () => {
  spill = await openSpill()
})
afterEach(() => spill.close())

const attributes: BundleAttributes = { org: 'acme', projects: ['web'], release: 'web@1.2.3', dist: '42' }

async function layOut(build: Build, { named = attributes, urlPrefix = '~' } = {}) {
  const { context } = listen()
  const { files } = await collectFiles(once(build.artifacts), spill, urlPrefix, context)
  return layOutBundle(files, named)
}

const read = (pieces: Piece[]) => Buffer.concat([...blocksOf(pieces, spill.read)])

async function bytesOf(build: Build): Promise<Buffer> {
  const bundle = await layOut(build)
  const bytes = read(bundle.parts.flatMap(part => part.pieces))
  expect(bytes.length).toBe(bundle.size)
  return bytes
}

test('the header and the manifest, byte for byte', async () => {
  const build = toBuild({ 'app.js': 'app()' })
  const bytes = await bytesOf(build)
  expect(bytes.subarray(0, 8).toString('hex')).toBe('5359534202000000')
  // Signature, needs 2.0, no flags, deflated, midnight, 1980-01-01.
  expect(bytes.subarray(8, 22).toString('hex')).toBe('504b0304140000000800000021'.padEnd(28, '0'))
  const { manifestText, manifest } = readBundle(bytes)
  const id = build.artifacts[0]?.debugId
  expect(manifest.debug_id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(manifestText).toBe(
    `{"files":{"files/_/_/app.js":{"type":"minified_source","url":"~/app.js","headers":{"debug-id":"${id}","sourcemap":"app.js.map"}},` +
      `"files/_/_/app.js.map":{"type":"source_map","url":"~/app.js.map","headers":{"debug-id":"${id}"}}},` +
      `"debug_id":"${manifest.debug_id}","dist":"42","org":"acme","project":"web","release":"web@1.2.3"}`,
  )
})

test('the same bytes whatever the order', async () => {
  const files = { 'b.js': sourceText('b', 3000), 'a.js': 'a()', 'a/c.js': sourceText('c', 900) }
  const forward = toBuild(files)
  const backward = toBuild(files)
  backward.artifacts.reverse()
  const bytes = await bytesOf(forward)
  expect(bytes.equals(await bytesOf(backward))).toBe(true)
  const { entries } = readBundle(bytes)
  expect(entries.get('files/_/_/b.js')).toEqual(forward.artifacts[0]?.code)
  expect([...entries.keys()].at(-1)).toBe('manifest.json')
})

test('chunks make up the bundle, within their limit, for any limit', async () => {
  const files = Object.fromEntries(
    Array.from({ length: 40 }, (_, i) => [`${i}.js`, sourceText(`${i}`, 100 + ((i * 7919) % 40_000))]),
  )
  const build = toBuild({ ...files, 'large.js': sourceText('large', 700_000) })
  const bundle = await layOut(build)
  const whole = read(bundle.parts.flatMap(part => part.pieces))
  for (const [maxChunk, pieces] of [
    [8 << 20, 256],
    [8 << 20, undefined],
    [100_001, 32],
    [65_536, undefined],
    [1000, 256],
  ] as const) {
    const { chunks, checksum } = cutBundle(bundle, maxChunk, pieces, spill.read)
    const parts = chunks.map(({ pieces }) => read(pieces))
    expect(Buffer.concat(parts).equals(whole)).toBe(true)
    expect(checksum).toBe(sha1(whole))
    expect(chunks.map(chunk => chunk.sha1)).toEqual(parts.map(sha1))
    expect(Math.max(...chunks.map(({ size }) => size))).toBeLessThanOrEqual(maxChunk)
    expect(Math.min(...chunks.map(({ size }) => size))).toBeGreaterThan(0)
  }
})

test('a line in the midst of a large file changes the chunks around it, and no others', async () => {
  const text = sourceText('large', 8_000_000)
  const middle = text.length / 2
  const sha1s = async (changed: string) => {
    const bundle = await layOut(toBuild({ 'large.js': changed }))
    return cutBundle(bundle, 8 << 20, 256, spill.read).chunks.map(chunk => chunk.sha1)
  }
  const before = await sha1s(text)
  const after = await sha1s(`${text.slice(0, middle)}\nanother()\n${text.slice(middle)}`)
  expect(before.length).toBeGreaterThan(40)
  // The changed pieces, each file's first with its size, and the manifest: of the script and of its map.
  expect(after.filter(chunk => !before.includes(chunk)).length).toBeLessThanOrEqual(8)
})

test.each([
  ['a/b.js', '~', '~/a/b.js', 'files/_/_/a/b.js'],
  ['b.js', '~/static/', '~/static/b.js', 'files/_/_/static/b.js'],
  ['x/b.js', 'https://cdn.example.com', 'https://cdn.example.com/x/b.js', 'files/https/cdn.example.com/x/b.js'],
  ['b.js', 'app:///', 'app:///b.js', 'files/app/_/b.js'],
  ['sp ace/ü.js', '~', '~/sp ace/ü.js', 'files/_/_/sp%20ace/%C3%BC.js'],
  ['h#sh/q?x.js', '~', '~/h#sh/q?x.js', 'files/_/_/h#sh/q?x.js'],
])('%s below %s', (path, urlPrefix, url, name) => {
  expect(fileUrl(path, urlPrefix)).toBe(url)
  expect(zipPath(url)).toBe(name)
})
