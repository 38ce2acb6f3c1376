import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openVault } from '../src/vault/locate.ts'
import { compile, createProject, type Project } from './seal-support.ts'

let project: Project
beforeEach(async () => {
  project = await createProject()
})
afterEach(() => project.remove())

const sri = (bytes: string | Buffer, algorithm = 'sha384') =>
  `${algorithm}-${createHash(algorithm).update(bytes).digest('base64')}`
const hex = (bytes: string | Buffer, algorithm: string) => createHash(algorithm).update(bytes).digest('hex')

/** Writes a script with its map. */
async function script(path: string, prefix = ''): Promise<string> {
  const name = path.split('/').at(-1) as string
  const { code, map } = await compile(name.replace(/\W.*/, ''))
  const text = `${prefix}${code}//# sourceMappingURL=${name}.map\n`
  await project.write({ [`dist/${path}`]: text, [`dist/${path}.map`]: map })
  return text
}

/** All sealed, and its digest in each of the holders. */
async function expectRenewed(path: string, digest: (bytes: Buffer) => string, holders: string[]): Promise<void> {
  const sealed = await project.bytes(`dist/${path}`)
  expect(sealed.toString()).toContain('//# debugId=')
  for (const holder of holders) expect(await project.read(`dist/${holder}`), holder).toContain(digest(sealed))
}

describe('digests are renewed with the file they are of', () => {
  it('in tags of a page: script, modulepreload, style sheet', async () => {
    const [a, b] = [await script('assets/a.js'), await script('assets/b.js')]
    const css = 'a{}\n/*# sourceMappingURL=s.css.map */'
    await project.write({
      'dist/assets/s.css': css,
      'dist/assets/s.css.map': '{"version":3,"sources":[],"mappings":""}',
      'dist/index.html': `<!doctype html><script type=module crossorigin integrity="${sri(a)} ${sri(a, 'sha512')}" src="/assets/a.js"></script>
<link rel="modulepreload" href="./assets/b.js" integrity='${sri(b, 'sha256')}?ct=js'><link rel=stylesheet href=assets/s.css integrity=${sri(css)}>`,
    })
    expect(await project.seal()).toMatchObject({ scripts: 2, decodable: 2, leaks: [] })
    await expectRenewed('assets/a.js', bytes => `integrity="${sri(bytes)} ${sri(bytes, 'sha512')}"`, ['index.html'])
    await expectRenewed('assets/b.js', bytes => `integrity='${sri(bytes, 'sha256')}?ct=js'`, ['index.html'])
    expect(await project.read('dist/assets/s.css')).toBe('a{}\n')
    expect(await project.read('dist/index.html')).toContain(`integrity=${sri('a{}\n')}>`)
    expect(await project.origin('assets/a.js')).toBe('src/a.ts:2:2')
  })

  it('in a script of nothing but data, which stays without an ID', async () => {
    const a = await script('a.js')
    await project.write({ 'dist/precache.js': `self.__precache=[{url:"a.js",revision:"${hex(a, 'md5')}"}]` })
    expect(await project.seal()).toMatchObject({ scripts: 1, decodable: 1, leaks: [] })
    await expectRenewed('a.js', bytes => `self.__precache=[{url:"a.js",revision:"${hex(bytes, 'md5')}"}]`, [
      'precache.js',
    ])
  })

  it('in an import map and a page below the folder, and in what pins that page', async () => {
    const a = await script('browser/a.js')
    const page = `<base href="/"><script type=importmap>{"imports":{"a":"./a.js"},"integrity":{"./a.js":"${sri(a)}"}}</script><script type=module src="a.js" integrity="${sri(a)}"></script>`
    const ngsw = JSON.stringify({ hashTable: { '/a.js': hex(a, 'sha1'), '/index.html': hex(page, 'sha1') } })
    await project.write({ 'dist/browser/index.html': page, 'dist/browser/ngsw.json': ngsw })
    expect(await project.seal()).toMatchObject({ scripts: 1, decodable: 1 })
    await expectRenewed('browser/a.js', sri, ['browser/index.html'])
    await expectRenewed('browser/a.js', bytes => `"/a.js":"${hex(bytes, 'sha1')}"`, ['browser/ngsw.json'])
    const { hashTable } = JSON.parse(await project.read('dist/browser/ngsw.json'))
    expect(hashTable['/index.html']).toBe(hex(await project.bytes('dist/browser/index.html'), 'sha1'))
    expect(await project.read('dist/browser/a.js')).toContain('SENTRY_RELEASE')
  })

  it('in a manifest and in a script that loads it, whose own digest follows', async () => {
    const chunk = await script('chunk.js')
    const main = await script('main.js', `var integrity={7:"${sri(chunk)}"};`)
    const manifest = JSON.stringify({ 'chunk.js': { integrity: sri(chunk, 'sha256') }, 'main.js': sri(main, 'sha512') })
    const worker = `precache([{url:"main.js",revision:"${hex(main, 'md5')}"}])`
    await project.write({ 'dist/manifest.json': manifest, 'dist/sw.js': worker })
    await project.seal()
    await expectRenewed('chunk.js', sri, ['main.js'])
    await expectRenewed('chunk.js', bytes => sri(bytes, 'sha256'), ['manifest.json'])
    await expectRenewed('main.js', bytes => sri(bytes, 'sha512'), ['manifest.json'])
    await expectRenewed('main.js', bytes => hex(bytes, 'md5'), ['sw.js'])
    expect(await project.origin('chunk.js')).toBe('src/chunk.ts:2:2')
  })

  it('as templates of HTML and writers of JSON escape them', async () => {
    const a = await script('a.js')
    const html = (digest: string) => digest.replaceAll('+', '&#43;').replaceAll('=', '&#61;')
    const json = (digest: string) => digest.replaceAll('/', '\\/').replaceAll('+', '\\u002b')
    await project.write({
      'dist/index.html': `<script src="a.js" integrity="${html(sri(a))}"></script>`,
      'dist/manifest.json': `{"a.js":"${json(sri(a, 'sha512'))}"}`,
    })
    expect(await project.seal()).toMatchObject({ scripts: 1, decodable: 1 })
    await expectRenewed('a.js', bytes => `"${html(sri(bytes))}"`, ['index.html'])
    await expectRenewed('a.js', bytes => `"${json(sri(bytes, 'sha512'))}"`, ['manifest.json'])
  })

  it('with those of inline scripts that the page allows by their digest', async () => {
    const a = await script('a.js')
    const map = `{"integrity":{"./a.js":"${sri(a)}"}}`
    const page = `<meta http-equiv="Content-Security-Policy" content="script-src 'self' '${sri(map, 'sha256')}'"><script type="importmap">${map}</script>`
    await project.write({ 'dist/index.html': page })
    await project.seal()
    const renewed = `{"integrity":{"./a.js":"${sri(await project.bytes('dist/a.js'))}"}}`
    expect(await project.read('dist/index.html')).toBe(
      page.replace(map, renewed).replace(sri(map, 'sha256'), sri(renewed, 'sha256')),
    )
  })

  it('by a second run where the first was stopped before it had written the script', async () => {
    const a = await script('a.js')
    const page = `<script src="a.js" integrity="${sri(a)}"></script>`
    await project.write({ 'dist/index.html': page, 'dist/ngsw.json': `{"i":"${hex(page, 'sha1')}"}` })
    const { map } = await compile('a')
    await project.seal()
    const written = [await project.read('dist/a.js'), await project.read('dist/index.html')]
    await project.write({ 'dist/a.js': a, 'dist/a.js.map': map })
    await project.seal()
    expect([await project.read('dist/a.js'), await project.read('dist/index.html')]).toEqual(written)
    expect(await project.origin('a.js')).toBe('src/a.ts:2:2')
  })

  it('and nothing else: neither digests of other files nor hex that is a part of a name', async () => {
    const a = await script('a.js')
    const named = await script('named.js')
    const other = `{"other":"${sri('other')}","a":"prefix ${hex(a, 'sha1')}","b":"${hex(named, 'md5')}"}`
    await project.write({ 'dist/other.json': other, [`dist/${hex(named, 'md5')}.txt`]: '' })
    await project.seal()
    expect(await project.read('dist/other.json')).toBe(other)
  })
})

describe('a script stays byte for byte where its digest cannot be renewed, which is said', () => {
  it('as a page pins other bytes', async () => {
    const a = await script('a.js')
    await project.write({ 'dist/index.html': `<script src="a.js" integrity="${sri('other')}"></script>` })
    const { build } = await project.seal()
    expect(build.files).toMatchObject([{ problem: expect.stringContaining('index.html pins a digest of other bytes') }])
    expect(await project.read('dist/a.js')).toBe(a)
    expect(await project.origin('a.js')).toBe('src/a.ts:2:2')
  })

  it('as a script that is excluded holds it', async () => {
    const a = await script('a.js')
    const vendor = `load("a.js","${sri(a)}")`
    await project.write({ 'dist/vendor/load.js': vendor })
    const { build } = await project.seal({ exclude: 'vendor/**' })
    expect(build.files).toMatchObject([{ problem: expect.stringContaining('vendor/load.js, which is left as it is') }])
    expect([await project.read('dist/a.js'), await project.read('dist/vendor/load.js')]).toEqual([a, vendor])
  })

  it('under the ID that it has of its own', async () => {
    const debugId = '0dc2aaea-0f2b-4c7b-8f0e-8a1a3b9d0c11'
    const { code, map } = await compile('a')
    const text = `${code}//# debugId=${debugId}\n//# sourceMappingURL=a.js.map\n`
    await project.write({ 'dist/a.js': text, 'dist/a.js.map': map.replace('{', `{"debugId":"${debugId}",`) })
    await project.write({ 'dist/index.html': `<script src="a.js" integrity="${sri('other')}"></script>` })
    await project.seal()
    expect(await project.read('dist/a.js')).toBe(text)
    const [build] = await openVault('vault', project.dir).records()
    expect(build?.files).toMatchObject([{ path: 'a.js', debugId }])
  })
})
