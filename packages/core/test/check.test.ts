import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkFolder } from '../src/check/check.ts'
import type { Vault } from '../src/types.ts'
import { addBuild, memoryVault } from './symbolicate-memory.ts'

const id = '85314830-023f-4cf1-a267-535f4e37bb17'
const otherId = '0dc2aaea-0f2b-4c7b-8f0e-8a1a3b9d0c11'
const map = { version: 3, sources: ['a.ts'], sourcesContent: ['run()'], names: [], mappings: 'AAAA' }
const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64')
const inline = `data:application/json;charset=utf-8;base64,${base64(map)}`

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'check-'))
})
afterEach(() => rm(dir, { recursive: true }))

async function write(files: Record<string, string>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(dir, path)), { recursive: true })
    await writeFile(join(dir, path), content)
  }
}

/** A script as sealing leaves it. */
function script(code = 'run()', debugId = id): string {
  return `;!function(){_sentryDebugIds[n]="${debugId}"}();${code}\n//# debugId=${debugId}\n`
}

async function problems(files: Record<string, string>, vault?: Vault): Promise<string[]> {
  await write(files)
  const result = await checkFolder(dir, { vault })
  return result.problems.map(({ path, invariant, message }) => `${path} (${invariant}) ${message}`)
}

describe('a sealed folder', () => {
  it('has no problem', async () => {
    const files = {
      'index.html': '<script src="app.js"></script>',
      'app.js': script(),
      'lazy/page.mjs': script('page()', otherId),
      'app.css': 'a { color: red }\n/* the end */',
      'data.json': '{"version":3,"sections":2,"mappings":{}}',
    }
    expect(await problems(files)).toEqual([])
    expect(await checkFolder(dir)).toMatchObject({ files: 5, scripts: 2 })
  })

  it.each([
    ['a string', 'log("//# sourceMappingURL=a.js.map")'],
    ['a string at the end', 'x="//# sourceMappingURL=a.js.map"'],
    ['a template literal', 'log(`\n//# sourceMappingURL=a.js.map\n`)'],
    ['a comment amid the code', '//# sourceMappingURL=a.js.map\nrun()'],
    ['a data URL of something else', `load("data:application/json;base64,${base64({ version: 3 })}")`],
    ['a data URL that is not JSON', 'load("data:application/json,{%"); load("data:application/json;base64,")'],
  ])('may hold %s that only looks like a link to a map', async (_, code) => {
    expect(await problems({ 'app.js': script(code) })).toEqual([])
  })
})

describe('a folder reveals source', () => {
  it.each(['app.js.map', 'app.css.map', 'app.js.map.gz', 'app.js.map.br'])('by a map file: %s', async path => {
    expect(await problems({ [path]: '' })).toEqual([`${path} (sealed) is a source map`])
  })

  it('by a copy of a vault', async () => {
    const path = 'kept/packs/20261121T101500123Z-0123456789abcdef'
    expect(await problems({ [path]: '', 'packs/20261121.js': script() })).toEqual([
      `${path} (sealed) is of a vault, and holds source maps`,
    ])
  })

  it.each([JSON.stringify(map), `)]}'\n${JSON.stringify(map)}`, '{"version":3,"sections":[]}'])(
    'by a map under another name: %s',
    async content => {
      expect(await problems({ 'a.json': content })).toEqual(['a.json (sealed) is a source map by its content'])
    },
  )

  it.each([
    ['on its own line', '//# sourceMappingURL=app.js.map'],
    ['in the old form', '//@ sourceMappingURL=app.js.map'],
    ['in a block comment', '/*# sourceMappingURL=app.js.map */'],
    [
      'before the comment of another tool',
      '//# sourceMappingURL=app.js.map\n/* built by\n * a tool */\n// the end\n\n',
    ],
    ['after the code', 'run() //# sourceMappingURL=app.js.map'],
    ['with CRLF', '\r\n//# sourceMappingURL=app.js.map\r\n'],
  ])('by a link %s', async (_, end) => {
    expect(await problems({ 'app.js': `${script()}${end}`, 'app.js.map': '' })).toContain(
      'app.js (sealed) points to a source map: app.js.map',
    )
  })

  it('by a link in a style sheet', async () => {
    expect(await problems({ 'app.css': 'a{}/*# sourceMappingURL=app.css.map */\n', 'app.css.map': '' })).toContain(
      'app.css (sealed) points to a source map: app.css.map',
    )
  })

  it.each([
    ['at the end', `${script()}//# sourceMappingURL=${inline}`],
    ['in an eval', script(`eval("run()\\n//# sourceMappingURL=${inline}\\n//# sourceURL=a.ts?")`)],
    ['percent-encoded', script(`x = 'data:application/json,${encodeURIComponent(JSON.stringify(map))}'`)],
  ])('by an inline map %s', async (_, code) => {
    expect(await problems({ 'app.js': code })).toEqual(['app.js (sealed) holds an inline source map'])
  })
})

describe('a script is not identified', () => {
  it.each([
    ['without debug ID', 'run()', 'has no debug ID'],
    ['with the ID in the code alone', `${script()}run()`, 'has no debug ID'],
    ['with two', `${script()}//# debugId=${otherId}`, 'has 2 debug IDs'],
    ['with the same twice', `${script()}//# debugId=${id}`, 'has 2 debug IDs'],
    ['with one that is not a UUID', 'run()\n//# debugId=12', 'has a debug ID that is not a UUID: 12'],
    ['with a comment alone', `run()\n//# debugId=${id}`, 'does not register its debug ID at run time'],
    ['with two that differ', `x="${otherId}"\n//# debugId=${id}`, 'does not register its debug ID at run time'],
  ])('%s', async (_, code, message) => {
    expect(await problems({ 'app.js': code })).toEqual([`app.js (identified) ${message}`])
  })

  it('with the ID of another', async () => {
    expect(await problems({ 'a.js': script(), 'b.cjs': script('other()') })).toEqual([
      'b.cjs (identified) has the debug ID of a.js',
    ])
  })

  it.each([
    '',
    '#!/usr/bin/env node\n"use strict";\n/*! licence */ // more\n',
    'import "./a.js"; import b, { c as d } from \'./b.js\'\nimport * as e from "e" with { type: "json" };export{};',
    'export { a, b as "c" } from "./a.js"; export * from "./b.js"; export * as c from "./c.js"',
    `import "./a.js"\n//# debugId=${id}`,
    'export default { a: [1, "b"] }',
  ])('unless it runs nothing itself: %s', async code => {
    expect(await problems({ 'app.js': code })).toEqual([])
  })

  it.each(['import("./a.js")', 'export default f(1)', 'export const a = from("./a.js")', 'import "./a.js"; run()'])(
    'as it runs something: %s',
    async code => {
      expect(await problems({ 'app.js': code })).toEqual(['app.js (identified) has no debug ID'])
    },
  )
})

describe('with a vault', () => {
  async function vaultWith(json: unknown, code = script()): Promise<ReturnType<typeof memoryVault>> {
    const vault = memoryVault()
    const bytes = json === undefined ? undefined : Buffer.from(JSON.stringify(json))
    await addBuild(vault, [{ path: 'app.js', debugId: id, code: Buffer.from(code), ...(bytes && { map: bytes }) }])
    return vault
  }

  it('the map fits', async () => {
    expect(await problems({ 'app.js': script() }, await vaultWith(map))).toEqual([])
  })

  it.each([
    [
      'is invalid',
      { ...map, mappings: 'AA' },
      'its map: mappings line 1, segment 1: it has 2 fields, neither 1, 4 nor 5',
    ],
    ['is another file’s', { ...map, mappings: ';;;;AAAA' }, 'its map reaches line 5, but it has 3'],
  ])('the map %s', async (_, json, message) => {
    expect(await problems({ 'app.js': script() }, await vaultWith(json))).toEqual([`app.js (exact) ${message}`])
  })

  it('the build made no map, which is not a problem', async () => {
    const vault = await vaultWith(undefined)
    expect(await problems({ 'app.js': script() }, vault)).toEqual([])
    expect((await checkFolder(dir, { vault })).withoutMap).toEqual(['app.js'])
  })

  it('the ID is unknown', async () => {
    expect(await problems({ 'app.js': script() }, memoryVault())).toEqual([
      'app.js (exact) the vault memory holds nothing under its debug ID; seal the folder again',
    ])
  })

  it('the map cannot be read', async () => {
    const vault = await vaultWith(map)
    for (const hash of [...vault.blobs.keys()]) vault.blobs.delete(hash)
    expect(await problems({ 'app.js': script() }, vault)).toEqual([
      expect.stringMatching(/^app\.js \(exact\) its map cannot be read: .* is absent/),
    ])
  })

  it('the script was changed afterwards', async () => {
    expect(await problems({ 'app.js': script('run( )') }, await vaultWith(map))).toEqual([
      'app.js (exact) the file changed after sealing, so its map may no longer fit',
    ])
  })
})

describe('the walk', () => {
  it('of an empty folder is an error: nothing was built', async () => {
    await expect(checkFolder(dir)).rejects.toThrow(`${dir} is empty. Build first`)
  })

  it('lists links, and does not follow them', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'outside-'))
    await writeFile(join(outside, 'app.js.map'), '')
    await symlink(outside, join(dir, 'link'))
    await symlink(dir, join(dir, 'loop'))
    await write({ 'app.js': script() })
    const links = ['link', 'loop']
    expect(await checkFolder(dir)).toEqual({ files: 1, scripts: 1, problems: [], withoutMap: [], links })
    await rm(outside, { recursive: true })
  })

  it('needs a folder', async () => {
    await write({ 'app.js': '' })
    await expect(checkFolder(join(dir, 'absent'))).rejects.toThrow(/absent is not a folder\. Build first/)
    await expect(checkFolder(join(dir, 'app.js'))).rejects.toThrow(/app\.js is not a folder/)
  })
})
