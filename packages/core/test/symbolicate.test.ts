import vm from 'node:vm'
import { transform } from 'esbuild'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ResolvedLine, SymbolicatedLine } from '../src/symbolicate/result.ts'
import type { SymbolicateOptions } from '../src/symbolicate/symbolicate.ts'
import { symbolicate } from '../src/symbolicate/symbolicate.ts'
import type { Artifact } from '../src/types.ts'
import { addBuild, memoryVault } from './symbolicate-memory.ts'

const id = '85314830-023f-4cf1-a267-535f4e37bb17'
const otherId = '0dc2aaea-0f2b-4c7b-8f0e-8a1a3b9d0c11'
const source = `export class CartError extends Error {}

function priceOf(item: { price?: number }): number {
  if (item.price === undefined) throw new CartError('no price')
  return item.price
}

export function totalOf(items: { price?: number }[]): number {
  let sum = 0
  for (const item of items) sum += priceOf(item)
  return sum
}

export function checkout(): number {
  return totalOf([{ price: 1 }, {}])
}
checkout()
`
const url = 'https://shop.example/assets/cart-3f2a.js'

let cart: Artifact
let stack: string

beforeAll(async () => {
  const { code, map } = await transform(source, {
    loader: 'ts',
    minify: true,
    format: 'iife',
    sourcemap: 'external',
    sourcefile: '../../src/cart.ts',
  })
  cart = { path: 'assets/cart-3f2a.js', debugId: id, code: Buffer.from(code), map: Buffer.from(map) }
  stack = stackOf(code, url)
})

function stackOf(code: string, filename: string): string {
  try {
    vm.runInThisContext(code, { filename, displayErrors: false })
  } catch (error) {
    // Vitest's own frames follow; they do not matter here.
    return (
      (error as Error).stack
        ?.split('\n')
        .filter(line => !/node:|node_modules|\.test\.ts/.test(line))
        .join('\n') ?? ''
    )
  }
  throw new Error('It should have thrown.')
}

let vault: ReturnType<typeof memoryVault>
beforeEach(() => {
  vault = memoryVault()
})

async function lines(text: string, options?: SymbolicateOptions): Promise<SymbolicatedLine[]> {
  return (await symbolicate(text, vault, options)).lines
}

async function only(text: string, options?: SymbolicateOptions): Promise<SymbolicatedLine> {
  const [line] = await lines(text, options)
  if (!line) throw new Error('There should be a line.')
  return line
}

/** A frame at the first throw of the cart. */
function throwAt(url: string): string {
  const column = cart.code.toString().indexOf('throw')
  return `    at ${url}:1:${column + 1}`
}

describe('a real stack of minified code', () => {
  it('leads to the original positions under the original names, and keeps its message', async () => {
    await addBuild(vault, [cart])
    const result = await lines(stack)
    expect(result[0]).toEqual({ kind: 'text', raw: 'Error: no price' })
    const frames = result.filter(line => line.kind === 'original').map(line => line.original)
    expect(frames.map(frame => `${frame.function} ${frame.source}:${frame.line}:${frame.column}`)).toEqual([
      'priceOf src/cart.ts:4:38',
      'totalOf src/cart.ts:10:35',
      'checkout src/cart.ts:15:9',
      'undefined src/cart.ts:17:0',
      'undefined src/cart.ts:17:9',
    ])
  })

  it('shows the lines around each position', async () => {
    await addBuild(vault, [cart])
    const [, first] = await lines(stack, { contextLines: 1 })
    const { context, line } = (first as ResolvedLine).original
    expect(context).toEqual({ firstLine: 3, lines: source.split('\n').slice(2, 5) })
    expect(context?.lines[line - (context?.firstLine ?? 0)]).toContain("throw new CartError('no price')")
  })

  it('reads each map once', async () => {
    const build = await addBuild(vault, [cart])
    await lines(stack)
    expect(vault.reads.get(build.files[0]?.map?.sha256 ?? '')).toBe(1)
  })

  it('reads several stacks in one text', async () => {
    await addBuild(vault, [cart])
    const result = await lines(`${stack}\n  [cause]: ${stack.replaceAll('    at', '        at')}`)
    const positions = result.filter(line => line.kind === 'original').map(line => line.original.line)
    expect(positions).toEqual([4, 10, 15, 17, 17, 4, 10, 15, 17, 17])
  })
})

describe('function names', () => {
  it('are those of the source where an await lies between', async () => {
    await addBuild(vault, [cart])
    const [, first, second] = stack.split('\n')
    const [line] = await lines([first, second?.replace('at ', 'at async ')].join('\n'))
    expect((line as ResolvedLine).frame.function).not.toBe('priceOf')
    expect((line as ResolvedLine).original.function).toBe('priceOf')
  })

  it('stay as they are where a native frame lies between and the source is not there', async () => {
    const map = JSON.stringify({ ...JSON.parse(String(cart.map)), sourcesContent: undefined })
    await addBuild(vault, [{ ...cart, map: Buffer.from(map) }])
    const [, first, second] = stack.split('\n')
    const [line] = await lines([first, '    at Array.map (<anonymous>)', second].join('\n'))
    expect((line as ResolvedLine).original.function).toBe((line as ResolvedLine).frame.function)
  })
})

describe('a map is found', () => {
  it.each([
    'https://shop.example/assets/cart-3f2a.js',
    'https://cdn.example/deep/er/assets/cart-3f2a.js?v=1#top',
    'file:///srv/app/dist/assets/cart-3f2a.js',
    '/srv/app/dist/assets/cart-3f2a.js',
    'C:\\app\\dist\\assets\\cart-3f2a.js',
    'app:///assets/cart-3f2a.js',
    'https://shop.example/assets/cart%2D3f2a.js',
  ])('by the end of the path: %s', async url => {
    await addBuild(vault, [cart])
    expect(await only(throwAt(url))).toMatchObject({ kind: 'original', path: cart.path, original: { line: 4 } })
  })

  it.each(['https://shop.example/', 'https://shop.example/shop/?a=b/c#d', 'https://shop.example/index.html'])(
    'of a page with scripts in it: %s',
    async url => {
      await addBuild(vault, [{ ...cart, path: 'index.html' }])
      expect(await only(throwAt(url))).toMatchObject({ kind: 'original', path: 'index.html' })
    },
  )

  it.each([
    'https://shop.example/3f2a.js',
    'https://shop.example/myassets/cart-3f2a.js',
    'https://shop.example/assets/cart-3f2a.js/x',
    '/srv/app/node_modules/other/assets/cart-3f2a.js',
    'webpack-internal:///./assets/cart-3f2a.js',
    'chrome-extension://abc/assets/cart-3f2a.js',
  ])('not by half of it: %s', async url => {
    await addBuild(vault, [cart])
    expect(await only(throwAt(url))).toMatchObject({ kind: 'unresolved', reason: 'unknown-file' })
  })

  describe('by a URL that is shorter than its path', () => {
    const deep = () => ({ ...cart, path: 'app/browser/main.js' })

    it('in the newest build', async () => {
      await addBuild(vault, [{ ...deep(), code: Buffer.from('1') }])
      const newest = await addBuild(vault, [deep()])
      for (const url of ['https://a.io/main.js?v=1', 'https://a.io/browser/main.js', 'main.js'])
        expect(await only(throwAt(url))).toMatchObject({ build: newest.id, path: 'app/browser/main.js' })
      expect(await only(throwAt('https://a.io/other/main.js'))).toMatchObject({ reason: 'unknown-file' })
    })

    it('but before it a file whose own path matches, even of an older build', async () => {
      await addBuild(vault, [{ ...cart, path: 'main.js', debugId: otherId }])
      await addBuild(vault, [deep()])
      expect(await only(throwAt('https://a.io/main.js'))).toMatchObject({ debugId: otherId })
    })

    it('unless it is the same file, of a newer build that sealed a folder above', async () => {
      await addBuild(vault, [{ ...cart, path: 'main.js', code: Buffer.from('1') }], { outDir: 'dist/app/browser' })
      const newest = await addBuild(vault, [{ ...deep(), debugId: otherId }], { outDir: 'dist' })
      expect(await only(throwAt('https://a.io/main.js'))).toMatchObject({ build: newest.id, debugId: otherId })
      const again = await addBuild(vault, [{ ...cart, path: 'main.js' }], { outDir: 'dist/app/browser' })
      expect(await only(throwAt('https://a.io/main.js'))).toMatchObject({ build: again.id })
    })

    it('not where the build has several', async () => {
      const server = { ...deep(), path: 'app/server/main.js', debugId: otherId }
      await addBuild(vault, [deep()])
      await addBuild(vault, [deep(), { ...server, code: Buffer.from('2') }])
      expect(await only(throwAt('https://a.io/main.js'))).toMatchObject({ reason: 'unknown-file' })
      await addBuild(vault, [deep(), server])
      expect(await only(throwAt('https://a.io/main.js')), 'equal ones').toMatchObject({ kind: 'original' })
    })
  })

  it('by a path that leads out of the output folder', async () => {
    await addBuild(vault, [{ ...cart, path: '../server/cart-3f2a.js' }])
    for (const url of ['/srv/.next/server/cart-3f2a.js', 'file:///srv/.next/server/cart-3f2a.js'])
      expect(await only(throwAt(url))).toMatchObject({ kind: 'original', debugId: id })
  })

  it.each([
    ['https://a.io/', 'index.html'],
    ['https://a.io', 'index.html'],
    ['https://a.io/?q=1#top', 'index.html'],
    ['https://a.io/docs/', 'docs/index.html'],
    ['https://a.io/docs/index.html', 'docs/index.html'],
  ])('in a page: %s is %s', async (url, path) => {
    await addBuild(vault, [
      { ...cart, path: 'index.html', code: Buffer.from('1') },
      { ...cart, path: 'docs/index.html', debugId: otherId },
    ])
    expect(await only(throwAt(url))).toMatchObject({ kind: 'original', path })
  })

  it.each([
    ['https://a.io/assets/cart-3f2a.js', 'assets/cart-3f2a.js'],
    ['https://a.io/renamed.js', 'assets/cart-3f2a.js'],
    ['https://a.io/copy.js', 'copy.js'],
    ['https://a.io/docs/', 'docs/index.html'],
    ['https://a.io/orders/17', 'docs/index.html'],
    ['https://a.io/', 'docs/index.html'],
  ])('by debug ID in the file that the URL names: %s is %s', async (url, path) => {
    const build = await addBuild(vault, [{ ...cart, path: 'docs/index.html' }, cart, { ...cart, path: 'copy.js' }])
    for (const file of build.files) if (file.path.endsWith('.html')) file.fate = 'inlined'
    await vault.record(build)
    expect(await only(throwAt(url), { debugIds: { [url]: id } })).toMatchObject({ kind: 'original', path })
  })

  it('by the longest match, output folder included', async () => {
    await addBuild(vault, [{ ...cart, debugId: id }], { outDir: 'dist/client' })
    await addBuild(vault, [{ ...cart, debugId: otherId }], { outDir: 'dist/server' })
    expect(await only(throwAt('/srv/dist/client/assets/cart-3f2a.js'))).toMatchObject({ debugId: id })
    expect(await only(throwAt('/srv/dist/server/assets/cart-3f2a.js'))).toMatchObject({ debugId: otherId })
  })

  it('in the build whose file name has the same query', async () => {
    await addBuild(vault, [{ ...cart, path: 'app.js?v=1', debugId: id }])
    await addBuild(vault, [{ ...cart, path: 'app.js?v=2', debugId: otherId }])
    expect(await only(throwAt('https://a.io/app.js?v=1'))).toMatchObject({ debugId: id })
    expect(await only(throwAt('https://a.io/app.js'))).toMatchObject({ debugId: otherId })
  })

  it('in the newest build, and says so where others hold other code under the name', async () => {
    await addBuild(vault, [{ ...cart, debugId: otherId, code: Buffer.from('1') }], { release: 'one' })
    const newest = await addBuild(vault, [cart], { release: 'two' })
    const result = await symbolicate(stack, vault)
    expect(result.lines[1]).toMatchObject({ build: newest.id })
    expect(result.notes).toEqual([expect.stringContaining('another build holds other code under this name')])
  })

  it('in the newest build, without a word where all hold the same code', async () => {
    await addBuild(vault, [cart])
    await addBuild(vault, [cart])
    expect((await symbolicate(stack, vault)).notes).toEqual([])
  })

  it('in an older build with the same script, where the newest made no map', async () => {
    const older = await addBuild(vault, [cart], { release: 'one' })
    await addBuild(vault, [{ path: cart.path, debugId: id, code: cart.code }], { release: 'two' })
    const expected = { kind: 'original', build: older.id }
    expect(await only(throwAt(url))).toMatchObject(expected)
    expect(await only(throwAt(url), { release: 'two' })).toMatchObject(expected)
    expect(await only(throwAt(url), { debugIds: { [url]: id } })).toMatchObject(expected)
    expect(await only(throwAt(url), { debugIds: { [url]: id }, release: 'two' })).toMatchObject(expected)
  })

  it('not in one with another script of this name', async () => {
    await addBuild(vault, [{ ...cart, code: Buffer.from('1') }])
    await addBuild(vault, [{ path: cart.path, debugId: id, code: cart.code }])
    expect(await only(throwAt(url))).toMatchObject({ kind: 'unresolved', reason: 'no-map' })
  })

  it('in the builds of a release alone', async () => {
    const one = await addBuild(vault, [cart], { release: 'one' })
    await addBuild(vault, [{ ...cart, code: Buffer.from('2') }], { release: 'two' })
    const result = await symbolicate(stack, vault, { release: 'one' })
    expect(result.lines[1]).toMatchObject({ kind: 'original', build: one.id })
    expect(result.notes).toEqual([])
  })

  it('by debug ID, whatever the file is called', async () => {
    await addBuild(vault, [cart])
    const frame = throwAt('https://cdn.example/renamed.js')
    const expected = { kind: 'original', debugId: id }
    const url = 'https://cdn.example/renamed.js'
    expect(await only(frame, { debugIds: { [url]: id } })).toMatchObject(expected)
    expect(await only(frame, { debugIds: { [url]: id.replaceAll('-', '').toUpperCase() } })).toMatchObject(expected)
    expect(await only(frame, { debugIds: { 'renamed.js': id } })).toMatchObject(expected)
  })

  it.each([
    (url: string) => `${url}=${id}`,
    (url: string) => `{"debugIds":{"https://a.io/x.js":"${otherId}","${url}": "${id}"}}`,
    (url: string) => `  ${url}: ${id}`,
    (url: string) => `script ${url} ${id}`,
  ])('by a debug ID in the text (%#)', async pair => {
    await addBuild(vault, [cart])
    const url = 'https://cdn.example/renamed.js?v=1'
    expect(await only(`${throwAt(url)}\n${pair(url)}`)).toMatchObject({ kind: 'original', debugId: id })
  })

  it('by debug ID in the named release first, else in the newest build', async () => {
    const one = await addBuild(vault, [cart], { release: 'one' })
    const two = await addBuild(vault, [cart], { release: 'two' })
    const debugIds = { [url]: id }
    expect(await only(throwAt(url), { debugIds, release: 'one' })).toMatchObject({ build: one.id })
    expect(await only(throwAt(url), { debugIds, release: 'three' })).toMatchObject({ build: two.id })
  })
})

describe('a frame that cannot be read says why', () => {
  it('no build holds the file', async () => {
    await addBuild(vault, [cart])
    expect(await only('    at https://a.io/x.js:1:1')).toMatchObject({ kind: 'unresolved', reason: 'unknown-file' })
  })

  it('the debug ID is unknown, even where the name is not', async () => {
    await addBuild(vault, [cart])
    const line = await only(throwAt(url), { debugIds: { [url]: otherId } })
    expect(line).toMatchObject({ kind: 'unresolved', reason: 'unknown-debug-id' })
  })

  it('the file has no map', async () => {
    await addBuild(vault, [{ path: cart.path, debugId: id, code: cart.code }])
    const message = 'the bundler made no source map'
    expect(await only(throwAt(url))).toMatchObject({ kind: 'unresolved', reason: 'no-map', message })
  })

  it.each(['{', '[]', '{"version":3}'])('the map is damaged: %s', async map => {
    await addBuild(vault, [{ ...cart, map: Buffer.from(map) }])
    expect(await only(throwAt(url))).toMatchObject({ kind: 'unresolved', reason: 'unreadable-map' })
  })

  it('the map is gone', async () => {
    const build = await addBuild(vault, [cart])
    vault.blobs.delete(build.files[0]?.map?.sha256 ?? '')
    expect(await only(throwAt(url))).toMatchObject({
      reason: 'unreadable-map',
      message: expect.stringContaining('absent'),
    })
  })

  it.each(['0:1', '7:1'])('nothing is mapped at %s', async position => {
    await addBuild(vault, [cart])
    expect(await only(`    at ${url}:${position}`)).toMatchObject({ kind: 'unresolved', reason: 'no-mapping' })
  })

  it('the stack has no column', async () => {
    await addBuild(vault, [cart])
    expect(await only(`@${url} line 1 > eval:1:1`)).toMatchObject({ kind: 'unresolved', reason: 'no-column' })
  })

  it('the vault is empty, or has no such release', async () => {
    expect((await symbolicate(stack, vault)).notes).toEqual(['The vault memory holds no build.'])
    await addBuild(vault, [cart], { release: 'one' })
    expect((await symbolicate(stack, vault, { release: 'two' })).notes).toEqual([
      'The vault memory holds no build of release two. Its newest releases: one.',
    ])
  })
})

describe('maps of every kind', () => {
  const flat = {
    version: 3,
    sources: ['a.ts', 'lib.ts'],
    sourcesContent: ['a\nb', null],
    names: [],
    mappings: 'AAAA,KCCA,K',
  }

  async function at(map: object, column: number): Promise<SymbolicatedLine> {
    await addBuild(vault, [{ ...cart, path: 'app.js', map: Buffer.from(JSON.stringify(map)) }], { outDir: 'build' })
    return only(`    at https://a.io/app.js:1:${column + 1}`)
  }

  it('an index map', async () => {
    const sections = [
      { offset: { line: 0, column: 0 }, map: { ...flat, mappings: 'AAAA' } },
      { offset: { line: 0, column: 9 }, map: { ...flat, mappings: 'ACEA', ignoreList: [1] } },
    ]
    const line = await at({ version: 3, sections }, 12)
    expect(line).toMatchObject({ original: { source: 'build/lib.ts', line: 3, column: 0, isIgnored: true } })
  })

  it.each(['ignoreList', 'x_google_ignoreList'])('%s', async field => {
    const map = { ...flat, [field]: [1] }
    expect(await at(map, 0)).toMatchObject({ original: { source: 'build/a.ts', isIgnored: false } })
    expect(await at(map, 5)).toMatchObject({ original: { source: 'build/lib.ts', isIgnored: true } })
  })

  it('a source root', async () => {
    expect(await at({ ...flat, sourceRoot: 'webpack://shop' }, 0)).toMatchObject({
      original: { source: 'webpack://shop/a.ts' },
    })
  })

  it('without contents', async () => {
    const line = await at({ ...flat, sourcesContent: undefined }, 0)
    expect((line as ResolvedLine).original).not.toHaveProperty('context')
  })

  it('behind the prefix against script inclusion', async () => {
    const map = Buffer.from(`)]}'\n${JSON.stringify(flat)}`)
    await addBuild(vault, [{ ...cart, path: 'app.js', map }])
    expect(await only('    at https://a.io/app.js:1:1')).toMatchObject({ kind: 'original' })
  })

  it('with code that nothing was written for', async () => {
    expect(await at(flat, 11)).toMatchObject({ kind: 'unresolved', reason: 'no-mapping' })
  })
})
