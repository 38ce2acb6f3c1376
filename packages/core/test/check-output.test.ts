import { createHash } from 'node:crypto'
import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { scanFolder } from '../src/build/scan.ts'
import { type CheckOptions, checkFolder } from '../src/check/check.ts'
import { openVault } from '../src/vault/locate.ts'
import { compile, createProject, type Project } from './seal-support.ts'

let project: Project
beforeEach(async () => {
  project = await createProject()
})
afterEach(() => project.remove())

async function problems(options?: CheckOptions): Promise<string[]> {
  const { problems } = await checkFolder(join(project.dir, 'dist'), options)
  return problems.map(({ path, invariant, message }) => `${path} (${invariant}) ${message}`)
}

const leaks = () => scanFolder(join(project.dir, 'dist'))
const sri = (bytes: Buffer | string) => `sha384-${createHash('sha384').update(bytes).digest('base64')}`

async function sealed(): Promise<void> {
  const { code, map } = await compile('a')
  await project.write({ 'dist/a.js': `${code}//# sourceMappingURL=a.js.map\n`, 'dist/a.js.map': map })
  await project.seal()
}

describe('check and the scan of a build see', () => {
  it('a vault in the output', async () => {
    await sealed()
    await project.write({ 'dist/x/.mapseal/builds/1.json': '{}' })
    expect(await problems()).toEqual(['x/.mapseal (sealed) is a vault, and holds source maps'])
    expect(await leaks()).toEqual([{ path: 'x/.mapseal', kind: 'vault' }])
    expect(await problems({ ignore: ['x/**'] })).toEqual([])
  })

  it('a source map under the name of some JSON', async () => {
    await sealed()
    await project.write({ 'dist/maps/b.json': (await compile('b')).map, 'dist/data.json': '{"version":3}' })
    expect(await problems()).toEqual(['maps/b.json (sealed) is a source map by its content'])
    expect(await leaks()).toEqual([{ path: 'maps/b.json', kind: 'map file' }])
  })

  it.each([
    ['page.html', (comment: string) => `<style>a{}${comment}</style>`],
    ['run', (comment: string) => `#!/usr/bin/env node\nrun()\n${comment.replace('/*#', '//#').replace('*/', '')}`],
    ['b.css', (comment: string) => `a{}${comment}\nb{}`],
    ['b.js', (comment: string) => `${comment}\nb()`],
  ])('an inline map in %s', async (path, write) => {
    await sealed()
    const map = Buffer.from((await compile('b')).map).toString('base64')
    await project.write({
      [`dist/${path}`]: write(`/*# sourceMappingURL=data:application/json;base64,${map} */`),
      'dist/other': '// sourceMappingURL=data:text/plain,a',
    })
    expect(await problems()).toContain(`${path} (sealed) holds an inline source map`)
    expect(await leaks()).toEqual([{ path, kind: 'inline map' }])
  })

  it('an inline map in a module that `eval` runs', async () => {
    await sealed()
    const url = `data:application/json;base64,${Buffer.from((await compile('b')).map).toString('base64')}`
    await project.write({ 'dist/b.js': `eval(${JSON.stringify(`b()\n//# sourceMappingURL=${url}\n`)})` })
    expect(await problems()).toContain('b.js (sealed) holds an inline source map')
    expect(await leaks()).toEqual([{ path: 'b.js', kind: 'eval' }])
  })

  it('a link to a source map outside of the folder, which a server follows', async () => {
    await sealed()
    await project.write({ 'maps/b.map': (await compile('b')).map })
    await symlink('../maps/b.map', join(project.dir, 'dist/b.js.map'))
    await symlink('../maps/gone.map', join(project.dir, 'dist/c.js.map'))
    expect(await problems()).toEqual(['b.js.map (sealed) is a link to a source map'])
    expect(await leaks()).toEqual([{ path: 'b.js.map', kind: 'map file' }])
  })

  it.each([
    ['app.js.map', 0],
    ['/static/app.js.map', 0],
    ['file:///nowhere/app.js.map', 0],
    ['https://maps.example/app.js.map', 1],
    ['../secret/app.map', 1],
    ['/base/maps/there.txt', 1],
  ])('a link to a map, unless nothing is there: %s', async (url, count) => {
    await sealed()
    await project.write({ 'secret/app.map': '', 'dist/maps/there.txt': '' })
    await project.write({ 'dist/a.js': `${await project.read('dist/a.js')}//# sourceMappingURL=${url}\n` })
    expect(await problems()).toEqual(Array(count).fill(`a.js (sealed) points to a source map: ${url}`))
    expect(await leaks()).toEqual(Array(count).fill({ path: 'a.js', kind: 'sourceMappingURL' }))
  })
})

describe('check sees', () => {
  it('the source maps of installed packages, and asks their scripts for nothing else', async () => {
    await sealed()
    const files = ['lib/node_modules/@s/b/b.js.map', 'lib/node_modules/@s/b/c.js.map', 'lib/node_modules/d/d.js']
    await project.write(Object.fromEntries(files.map(path => [`dist/${path}`, 'd()'])))
    expect(await problems()).toEqual(['lib/node_modules/@s/b (sealed) is a package with 2 source maps'])
    expect(await problems({ ignore: ['**/node_modules/**'] })).toEqual([])
  })

  it('compressed copies of other bytes, and what ships in compressed form alone', async () => {
    await sealed()
    const bytes = await project.bytes('dist/a.js')
    await project.write({ 'dist/a.js.gz': gzipSync(bytes), 'dist/a.js.br': brotliCompressSync(Buffer.from('old()')) })
    await project.write({ 'dist/b.js.gz': gzipSync(Buffer.from('b()')) })
    expect(await problems()).toEqual([
      'b.js (identified) has no debug ID',
      'a.js.br (intact) is a compressed copy of another a.js',
    ])
  })

  it('digests that do not fit', async () => {
    await sealed()
    const digest = sri(await project.bytes('dist/a.js'))
    const page = (digest: string) =>
      `<script type="importmap">{"integrity":{"/a.js":"${digest}"}}</script><script src="a.js" integrity="${digest}"></script>`
    await project.write({ 'dist/index.html': page(digest), 'dist/old.html': page(sri('old')) })
    await project.write({ 'dist/ngsw.json': '{"hashTable":{"/a.js":"da39a3ee5e6b4b0d3255bfef95601890afd80709"}}' })
    const wrong = (page: string) => `${page} (intact) holds a digest of a.js that does not fit it`
    expect(await problems()).toEqual([wrong('old.html'), wrong('old.html'), wrong('ngsw.json')])
  })

  it('the IDs of inline scripts in pages', async () => {
    await sealed()
    const code = await project.read('dist/a.js')
    const changed = code.replace('console', ' console')
    await project.write({ 'dist/index.html': `<script>theme()</script><script type="module">${changed}</script>` })
    expect(await problems()).toEqual(['index.html (identified) has the debug ID of a.js'])
    const id = '0dc2aaea-0f2b-4c7b-8f0e-8a1a3b9d0c11'
    await project.write({ 'dist/index.html': `<script>ids="${id}";run()\n//# debugId=${id}\n</script>` })
    expect(await problems()).toEqual([])
    const vault = openVault('vault', project.dir)
    expect(await problems({ vault })).toEqual([expect.stringMatching(/^index\.html \(exact\) .* holds nothing under/)])
  })
})

it('a folder with output: keep passes, but no link to its maps', async () => {
  const { code, map } = await compile('a')
  await project.write({ 'dist/a.js': `${code}//# sourceMappingURL=a.js.map\n`, 'dist/a.js.map': map })
  const selection = { include: undefined, exclude: [], allow: [], output: 'keep' as const }
  expect(await problems({ selection })).toEqual([
    'a.js (sealed) points to a source map: a.js.map',
    'a.js (identified) has no debug ID',
  ])
  await project.seal({ output: 'keep' })
  expect(await problems({ selection })).toEqual([])
  expect(await problems()).toEqual(['a.js.map (sealed) is a source map'])
})
