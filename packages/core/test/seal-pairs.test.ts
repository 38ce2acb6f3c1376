import { existsSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sealFolder } from '../src/build/seal/seal-folder.ts'
import { checkFolder } from '../src/check/check.ts'
import { openVault } from '../src/vault/locate.ts'
import { compile, createProject, type Project } from './seal-support.ts'

let project: Project
beforeEach(async () => {
  project = await createProject()
})
afterEach(() => project.remove())

const ignored = () => {}
const logger = { info: ignored, warn: ignored, error: ignored }
const source = (name: string) => `src/${name}.ts:2:2`

describe('a map that no comment leads to is paired by its file field', () => {
  it('beside the script, under another name', async () => {
    const { code, map } = await compile('bar', { file: 'bar.js' })
    await project.write({ 'dist/bar.js': code, 'dist/bar.map': map })
    expect(await project.seal()).toMatchObject({ scripts: 1, decodable: 1, leaks: [] })
    expect(await project.origin('bar.js')).toBe(source('bar'))
    expect(await readdir(join(project.dir, 'dist'))).toEqual(['bar.js'])
  })

  it.each(['a.js', '../js/a.js', 'js/a.js'])(
    'in another folder, where the comment leads to nothing: %s',
    async file => {
      const { code, map } = await compile('a', { file })
      const comment = '//# sourceMappingURL=a.js.map\n'
      await project.write({ 'dist/js/a.js': code + comment, 'dist/maps/a.js.map': map, 'dist/b.js': 'b()' })
      expect(await project.seal()).toMatchObject({ scripts: 2, decodable: 1, leaks: [] })
      expect(await project.origin('js/a.js')).toBe(source('a'))
      expect(existsSync(join(project.dir, 'dist/maps/a.js.map'))).toBe(false)
      expect(await project.read('dist/js/a.js')).not.toContain('sourceMappingURL')
    },
  )

  it('whatever its own name', async () => {
    const { code, map } = await compile('x', { file: 'x.js' })
    await project.write({ 'dist/x.js': code, 'dist/maps/x.json': map, 'dist/data.json': '{"file":"x.js"}' })
    expect(await project.seal()).toMatchObject({ decodable: 1, leaks: [] })
    expect(await project.origin('x.js')).toBe(source('x'))
    expect(existsSync(join(project.dir, 'dist/maps/x.json'))).toBe(false)
    expect(existsSync(join(project.dir, 'dist/data.json'))).toBe(true)
  })

  it('but not where two scripts have that name, or it reaches beyond the script', async () => {
    const { code, map } = await compile('a', { file: 'a.js' })
    await project.write({ 'dist/x/a.js': code, 'dist/y/a.js': `${code};`, 'dist/maps/a.map': map })
    await project.write({ 'dist/short.js': 's()', 'dist/maps/short.map': map.replace('"a.js"', '"short.js"') })
    expect(await project.seal()).toMatchObject({ scripts: 3, decodable: 0, leaks: [] })
    const [build] = await openVault('vault', project.dir).records()
    expect(build?.files.filter(file => file.map).map(file => file.path)).toEqual(['maps/a.map', 'maps/short.map'])
  })
})

it('a comment may lead to a map under any name, which leaves the folder', async () => {
  const { code, map } = await compile('a')
  await project.write({ 'dist/a.js': `${code}//# sourceMappingURL=maps/a.js.json\n`, 'dist/maps/a.js.json': map })
  expect(await project.seal()).toMatchObject({ decodable: 1, leaks: [] })
  expect(await project.origin('a.js')).toBe(source('a'))
  expect(await readdir(join(project.dir, 'dist/maps'))).toEqual([])
})

it('a map that reaches beyond its script is of other code: the build says so', async () => {
  const { code, map } = await compile('a')
  const inline = (mappings: string) =>
    `data:application/json;base64,${Buffer.from(JSON.stringify({ ...JSON.parse(map), mappings })).toString('base64')}`
  await project.write({
    'dist/long.js': `${code}//# sourceMappingURL=${inline(';;;AAAA;;')}\n`,
    'dist/short.js': `${code}//# sourceMappingURL=${inline('AAAA;;;;;')}\n`,
  })
  const sections = [{ offset: { line: 7, column: 0 }, map: JSON.parse(map) }]
  await project.write({ 'dist/indexed.js': code, 'dist/indexed.js.map': JSON.stringify({ version: 3, sections }) })
  expect(await project.seal()).toMatchObject({ scripts: 3, decodable: 1, leaks: [] })
  const [build] = await openVault('vault', project.dir).records()
  expect(build?.files.map(({ path, problem }) => [path, problem])).toEqual([
    ['indexed.js', 'its map reaches line 8, but it has 2'],
    ['long.js', 'its map reaches line 4, but it has 3'],
    ['short.js', undefined],
  ])
  expect(await project.seal()).toMatchObject({ scripts: 3, leaks: [] })
})

describe('one map of two scripts', () => {
  const esm = 'import { b } from "./b.js"\nexport function a() {\n  throw new Error(b)\n}\n'
  const cjs =
    '"use strict"\nconst b_1 = require("./b.cjs")\nfunction a() {\n  throw new Error(b_1.b)\n}\nexports.a = a\n'
  const comment = '//# sourceMappingURL=a.js.map\n'
  const mappings = 'AAAA,0BAAA;AACA;EACA;AACA'
  const map = (mappings: string) =>
    JSON.stringify({ version: 3, file: 'a.js', sources: ['../src/a.ts'], sourcesContent: [esm], names: [], mappings })

  it('is that of the one that it fits', async () => {
    await project.write({ 'dist/a.js': cjs + comment, 'dist/a.mjs': esm + comment, 'dist/a.js.map': map(mappings) })
    expect(await project.seal()).toMatchObject({ scripts: 2, decodable: 1, leaks: [] })
    expect(await project.origin('a.mjs')).toBe('../src/a.ts:3:0')
    const [build] = await openVault('vault', project.dir).records()
    expect(build?.files[0]?.problem).toBe('its source map a.js.map is that of a.mjs')
  })

  it('belongs to neither where it fits both', async () => {
    await project.write({ 'dist/a.js': cjs + comment, 'dist/a.mjs': esm + comment, 'dist/a.js.map': map('AAAA') })
    expect(await project.seal()).toMatchObject({ scripts: 2, decodable: 0, leaks: [] })
  })

  it('is that of both where they are equal but for comments at the end', async () => {
    const files = { 'dist/a.js': esm + comment, 'dist/a.mjs': `${esm}\n${comment}`, 'dist/a.js.map': map(mappings) }
    await project.write(files)
    expect(await project.seal()).toMatchObject({ scripts: 2, decodable: 2, leaks: [] })
  })
})

it('copies without a map of a script that has one are sealed as it is, and stay so', async () => {
  const { code, map } = await compile('page')
  const script = `${code}//# sourceMappingURL=page.js.map\n`
  const copy = 'standalone/server/page.js'
  await project.write({ 'dist/server/page.js': script, 'dist/server/page.js.map': map, [`dist/${copy}`]: script })
  for (const run of ['first', 'second']) {
    expect(await project.seal(), run).toMatchObject({ scripts: 2, decodable: 2 })
    const sealed = await project.read(`dist/${copy}`)
    expect(sealed).toBe(await project.read('dist/server/page.js'))
    expect(sealed).toContain('//# debugId=')
    expect(await project.origin(copy)).toBe(source('page'))
  }
  const { problems } = await checkFolder(join(project.dir, 'dist'), { vault: openVault('vault', project.dir) })
  expect(problems).toEqual([])
})

it('a run that was stopped after it wrote a script does not take the map beside it for one of the new bytes', async () => {
  const { code, map } = await compile('a')
  await project.write({ 'dist/a.js': `${code}//# sourceMappingURL=a.js.map\n`, 'dist/a.js.map': map })
  await project.seal()
  await project.write({ 'dist/a.js.map': map })
  expect(await project.seal()).toMatchObject({ decodable: 1, leaks: [] })
  expect(await project.origin('a.js')).toBe(source('a'))
})

it.each(['file://server/share/a.js.map', 'file:a%2Fb.map'])('%s leads to no file of this machine', async url => {
  const { code, map } = await compile('a')
  await project.write({ 'dist/a.js': `${code}//# sourceMappingURL=${url}\n`, 'dist/a.js.map': map })
  expect(await project.seal()).toMatchObject({ scripts: 1, decodable: 1, leaks: [] })
  expect(await project.origin('a.js')).toBe(source('a'))
})

it('the map of a file that is not named like a script is taken, and the build says that it is of no use', async () => {
  const { code, map } = await compile('run')
  await project.write({ 'dist/bin/run': `${code}//# sourceMappingURL=run.map\n`, 'dist/bin/run.map': map })
  await project.write({ 'dist/run.hbc': 'bytecode\0', 'dist/run.hbc.map': map })
  expect(await project.seal()).toMatchObject({ scripts: 0, leaks: [] })
  const said = project.lines.filter(line => line.includes('has a source map, but frames in it'))
  expect(said).toEqual([expect.stringContaining('[seal] bin/run has')])
})

it('the inline maps that style sheets leave amid the rules where several were put into one are taken out', async () => {
  const { code, map } = await compile('a')
  const url = `data:application/json;base64,${Buffer.from(map).toString('base64')}`
  const comment = `/*# sourceMappingURL=${url} */`
  await project.write({
    'dist/a.js': `${code}//# sourceMappingURL=${url}\n`,
    'dist/two.css': `a{}${comment}\nb{}${comment}\n`,
    'dist/licence.css': `a{}\n${comment}\n/* (c) */\n`,
  })
  expect(await project.seal()).toMatchObject({ scripts: 1, decodable: 1, leaks: [] })
  expect(await project.read('dist/two.css')).toBe('a{}\nb{}\n')
  expect(await project.read('dist/licence.css')).toBe('a{}\n\n/* (c) */\n')
})

it('a folder is scanned in which nothing was sealed, and one that is named from inside', async () => {
  await project.write({ 'dist/a.js.map.gz': 'x' })
  const leaks = [{ path: 'a.js.map.gz', kind: 'map file' }]
  expect(await project.seal()).toMatchObject({ scripts: 0, leaks })
  const options = { vault: join(project.dir, 'vault'), release: '1', onError: 'warn', logger } as const
  expect(await sealFolder('.', options, join(project.dir, 'dist'))).toMatchObject({ scripts: 0, leaks })
})

it('a folder that cannot be written keeps its maps, and the error says what to do', async () => {
  const { code, map } = await compile('a')
  await project.write({ 'dist/a.js': `${code}//# sourceMappingURL=a.js.map\n`, 'dist/a.js.map': map })
  await project.write({ 'dist/a.js.mapseal/in-the-way': '' })
  await expect(project.seal()).rejects.toThrow(
    /^\[mapseal\] \[seal\] The folder was not sealed: .*a\.js\.mapseal.* run seal again to finish\.$/,
  )
  expect(await readdir(join(project.dir, 'dist'))).toContain('a.js.map')
  await rm(join(project.dir, 'dist/a.js.mapseal'), { recursive: true })
  expect(await project.seal()).toMatchObject({ scripts: 1, decodable: 1, leaks: [] })
  expect(await readdir(join(project.dir, 'dist'))).toEqual(['a.js'])
})
