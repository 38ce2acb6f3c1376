import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkFolder } from '../src/check/check.ts'
import { type Link, linkSeed, resolveLink } from '../src/inject/link.ts'
import { readTrailingComments } from '../src/inject/trailing-comments.ts'
import { resolveOptions } from '../src/options.ts'
import { openVault } from '../src/vault/locate.ts'
import { compile, createProject, type Project } from './seal-support.ts'

const debugId = 'c0ffee00-0000-8000-8000-000000000000'
const link = 'https://maps.example.internal/{debugId}.map'

let project: Project
beforeEach(async () => {
  project = await createProject()
  const { code, map } = await compile('a')
  await project.write({ 'dist/a.js': `${code}//# sourceMappingURL=a.js.map\n`, 'dist/a.js.map': map })
})
afterEach(() => project.remove())

async function problems(options?: Parameters<typeof checkFolder>[1]): Promise<string[]> {
  return (await checkFolder(join(project.dir, 'dist'), options)).problems.map(({ message }) => message)
}

test.each([
  [link, `https://maps.example.internal/${debugId}.map`],
  ['https://maps.example/{path}.map', 'https://maps.example/assets/m%C3%A4in%20%231.js.map'],
  ['https://maps.example/{path}/{debugId}', `https://maps.example/assets/m%C3%A4in%20%231.js/${debugId}`],
  [() => "http://10.0.0.1:8080/it's here\n.map?a=`b`#<c>", 'http://10.0.0.1:8080/it%27s%20here.map?a=%60b%60#%3Cc%3E'],
  [() => undefined, undefined],
] satisfies [Link, string | undefined][])('%s as a comment can hold it', (link, url) => {
  expect(resolveLink(link, { path: 'assets/mäin #1.js', debugId })).toBe(url)
})

test.each([
  ['{path}.map', /not an absolute URL, so it leads into the output/],
  ['/maps/{debugId}.map', /not an absolute URL/],
  ['//maps.example/{debugId}.map', /not an absolute URL/],
  ['file:///maps/{debugId}.map', /neither http: nor https:/],
  ['data:application/json,{debugId}', /neither http: nor https:/],
  ['https://maps.example/app.map', /the same for all scripts/],
  ['https://maps.example/{hash}/{debugId}.map', /has \{hash\} in it/],
  ['https://me:secret@maps.example/{debugId}.map', /has a password/],
  [7, /takes a URL, or a function/],
])('%s is refused', (link, message) => {
  expect(() => resolveOptions({ link: link as string })).toThrow(message)
})

test('a link to where the output would have the map is refused', () => {
  const resolve = (link: Link, urls: string) => () => resolveLink(link, { path: 'assets/a.js', debugId }, urls)
  const message = /where the output itself would have the map/
  expect(resolve('https://shop.example/{path}.map', 'https://shop.example/')).toThrow(message)
  expect(resolve('http://shop.example/{path}.map?v=1', 'https://shop.example')).toThrow(message)
  expect(resolve('https://shop.example/private/{debugId}.map', 'https://shop.example/')).not.toThrow()
})

test('names depend on a link, also on what its function refers to', () => {
  const at =
    (host: string): Link =>
    ({ debugId }) =>
      `https://${host}/${debugId}`
  expect(linkSeed(at('a.example'))).not.toBe(linkSeed(at('b.example')))
  expect(linkSeed(at('a.example'))).toBe(linkSeed(at('a.example')))
  expect(linkSeed(undefined)).toBe('')
})

test('a sealed script leads to the private place, and a second run changes nothing', async () => {
  await project.seal({ link })
  const sealed = await project.read('dist/a.js')
  const comments = readTrailingComments(sealed)
  expect(comments.mapUrl).toBe(`https://maps.example.internal/${comments.debugId}.map`)
  expect(sealed.split('sourceMappingURL')).toHaveLength(2)
  expect(project.lines.join()).not.toContain('reveals')
  expect(await project.origin('a.js')).toBe('src/a.ts:2:2')
  await project.seal({ link })
  expect(await project.read('dist/a.js')).toBe(sealed)
  expect(await project.origin('a.js')).toBe('src/a.ts:2:2')
})

test('the ID of a script does not depend on its link', async () => {
  const [linked, plain] = [await createProject(), await createProject()]
  for (const [copy, options] of [
    [linked, { link }],
    [plain, {}],
  ] as const) {
    await copy.write({
      'dist/a.js': await project.read('dist/a.js'),
      'dist/a.js.map': await project.read('dist/a.js.map'),
    })
    await copy.seal(options)
  }
  const ids = await Promise.all(
    [linked, plain].map(async copy => readTrailingComments(await copy.read('dist/a.js')).debugId),
  )
  expect(ids[0]).toBe(ids[1])
  await Promise.all([linked, plain].map(copy => copy.remove()))
})

test('a run without the option takes the link out again', async () => {
  await project.seal({ link })
  await project.seal()
  expect(await project.read('dist/a.js')).not.toContain('sourceMappingURL')
})

test('a script without a source map has no link', async () => {
  await project.write({ 'dist/plain.js': 'console.log(1)\n' })
  await project.seal({ link })
  expect(await project.read('dist/plain.js')).not.toContain('sourceMappingURL')
})

test('check knows the links of builds in the vault, and that of the options', async () => {
  const report = await project.seal({ link })
  expect(report.leaks).toEqual([])
  const vault = openVault('vault', project.dir)
  expect(await problems({ vault })).toEqual([])
  expect(await problems()).toEqual([
    expect.stringMatching(/^points to a source map: https:\/\/maps\.example\.internal/),
  ])
  expect(await problems({ selection: resolveOptions({ link }) })).toEqual([])
  expect(
    await problems({ selection: resolveOptions({ link: ({ path }) => `https://other.example/${path}` }) }),
  ).toHaveLength(1)
})

test('a link that another tool adds is a leak for all that', async () => {
  await project.seal({ link })
  await appendFile(join(project.dir, 'dist/a.js'), '//# sourceMappingURL=https://cdn.example/a.js.map\n')
  const vault = openVault('vault', project.dir)
  const leak = 'points to a source map: https://cdn.example/a.js.map'
  expect(await problems({ vault })).toContain(leak)
  expect(await problems({ selection: resolveOptions({ link }) })).toEqual([leak])
})

test('maps that stay beside the code are not where scripts lead', async () => {
  await project.seal({ link, output: 'keep' })
  const { mapUrl, debugId } = readTrailingComments(await project.read('dist/a.js'))
  expect(mapUrl).toBe(`https://maps.example.internal/${debugId}.map`)
  expect(await project.read('dist/a.js.map')).toContain(debugId)
})
