import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { AnyMap, originalPositionFor } from '@jridgewell/trace-mapping'
import { transform } from 'esbuild'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Report } from '../src/build/report.ts'
import { joinSession } from '../src/build/session.ts'
import { inject } from '../src/inject/inject.ts'
import { openMap } from '../src/map/edit.ts'
import { type Options, resolveOptions } from '../src/options.ts'
import type { ReportedFile } from '../src/types.ts'
import { openVault } from '../src/vault/locate.ts'

let root: string
let lines: string[]
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'reconcile-'))
  lines = []
})
afterEach(() => rm(root, { recursive: true }))

const names = ['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta']

/** Each function holds a text that stands nowhere else, on a line of its own. */
function sourceOf(file: string): string {
  return names
    .map(
      name =>
        `export function ${name}(value) {\n  if (value > 3) return "</script> ${file}"\n  return value + "${file}-${name}"\n}\n`,
    )
    .join('\n')
}

/** What a build seals, and what another tool then makes of the folder. */
async function build(
  files: string[],
  change: (dist: string, code: Record<string, string>) => Promise<unknown>,
  options: Options = {},
  folderOf: (file: string) => string = () => join(root, 'dist'),
): Promise<Report> {
  const log = (line: string) => void lines.push(line)
  const logger = { info: log, warn: log, error: log }
  const session = await joinSession(resolveOptions({ vault: 'vault', release: '1.0', logger, ...options }, {}), root)
  const written: Record<string, string> = {}
  for (const file of files) {
    const { code, map } = await transform(sourceOf(file), {
      minifyWhitespace: true,
      sourcemap: 'external',
      sourcefile: `${file}.src`,
    })
    const injected = inject(Buffer.from(code), { path: file, snippet: session.snippet(false) })
    const { debugId, insertion } = injected
    const edited = openMap(Buffer.from(map)).edit({ debugId, insertion })
    await session.add(folderOf(file), { path: file, debugId, code: injected.code, map: edited.map })
    written[file] = injected.code.toString()
  }
  await session.commit()
  for (const [file, code] of Object.entries(written)) await write(join(folderOf(file), file), code)
  await change(join(root, 'dist'), written)
  return (await session.leave('done')) as Report
}

async function write(path: string, text: string | Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
}

/** Reads every text of `source` in the file that ships, and says on which lines of which source the map puts them. */
async function decode(record: ReportedFile, source: string): Promise<(string | null)[]> {
  const text = await readFile(join(root, record.outDir, record.path), 'utf8')
  const map = AnyMap(JSON.parse((await openVault('vault', root).read(record.map as never)).toString()))
  return names.map(name => {
    const offset = text.indexOf(`"${source}-${name}"`)
    const before = text.slice(0, offset).split('\n')
    const at = originalPositionFor(map, { line: before.length, column: (before.at(-1) as string).length })
    return at.source && `${at.source}:${at.line}:${at.column}`
  })
}

const right = (source: string) => names.map((_, index) => `${source}.src:${index * 5 + 3}:17`)

const fileOf = (report: Report, path: string) => report.build.files.find(file => file.path === path) as ReportedFile

test('a file that ships as it was sealed is as sealed', async () => {
  const report = await build(['a.js'], async () => {})
  expect(fileOf(report, 'a.js').fate).toBeUndefined()
  expect(await decode(fileOf(report, 'a.js'), 'a.js')).toEqual(right('a.js'))
})

test.each([
  ['lines before it', (code: string) => `/* licence */\nvar before = 1;\n${code}`],
  ['text before it on its line', (code: string) => `(function(){${code}`],
  ['text behind it', (code: string) => `${code}\nconsole.log("behind")\n`],
  ['text around it', (code: string) => `try{var x="é";\n${code.trimEnd()}}catch(e){}`],
  ['an escaped end of a script', (code: string) => code.replaceAll('<\\/script>', '\\x3C/script>')],
  ['a replaced placeholder', (code: string) => code.replace('value>3', 'value>3_000_000')],
  [
    'a placeholder that became a list',
    (code: string) => code.replace('>3', `>[${'"/a/route",'.repeat(3000)}3].length`),
  ],
  ['its comments stripped', (code: string) => code.replace(/\n\/\/# debugId.*\n$/, '\n')],
])('a script with %s decodes', async (_, change) => {
  const report = await build(['a.js'], (dist, code) => write(join(dist, 'a.js'), change(code['a.js'] as string)))
  const file = fileOf(report, 'a.js')
  expect(file.fate).toBe('shifted')
  expect(file.problem).toBeUndefined()
  expect(await decode(file, 'a.js')).toEqual(right('a.js'))
  expect(report).toMatchObject({ scripts: 1, decodable: 1 })
})

test('what was put behind a script leads nowhere', async () => {
  const report = await build(['a.js'], (dist, code) =>
    write(join(dist, 'a.js'), `${(code['a.js'] as string).trimEnd().split('\n')[0]};console.log("behind")`),
  )
  const map = AnyMap(JSON.parse((await openVault('vault', root).read(fileOf(report, 'a.js').map as never)).toString()))
  const column = (await readFile(join(root, 'dist/a.js'), 'utf8')).indexOf('console.log')
  expect(originalPositionFor(map, { line: 1, column }).source).toBeNull()
})

test('a script that was rewritten does not decode, and the build says so', async () => {
  const report = await build(['a.js', 'b.js'], async (dist, code) => {
    const words = (code['a.js'] as string).split(/\b/)
    await write(join(dist, 'a.js'), words.map(word => (/^[a-z]+$/.test(word) ? `_${word}` : word)).join(' '))
  })
  const file = fileOf(report, 'a.js')
  expect(file).toMatchObject({ fate: 'rewritten', problem: expect.stringContaining('rewrote it') })
  expect(file.map).toBeUndefined()
  expect(report).toMatchObject({ scripts: 2, decodable: 1 })
  expect(lines.join('\n')).toContain('a.js cannot be decoded: another tool rewrote it')
})

test('scripts that were inlined into a page decode at their places in it', async () => {
  const report = await build(['a.js', 'b.js'], async (dist, code) => {
    const inline = (file: string) =>
      `<script type="module">${code[file]?.replaceAll('<\\/script>', '\\x3C/script>')}</script>`
    await write(
      join(dist, 'index.html'),
      `<!doctype html>\n<title>é</title>${inline('a.js')}\n<script>other()</script>\n${inline('b.js')}`,
    )
    await rm(join(dist, 'a.js'))
    await rm(join(dist, 'b.js'))
  })
  expect(report.build.files.map(({ path, fate }) => [path, fate])).toEqual([
    ['index.html', 'inlined'],
    ['index.html', 'inlined'],
  ])
  expect(new Set(report.build.files.map(file => file.debugId)).size).toBe(2)
  const [record] = await openVault('vault', root).records()
  expect(record?.files).toEqual(report.build.files)
  for (const file of report.build.files) {
    expect(await decode(file, 'a.js')).toEqual(right('a.js'))
    expect(await decode(file, 'b.js')).toEqual(right('b.js'))
  }
  const [{ map }] = report.build.files as [ReportedFile]
  const read = AnyMap(JSON.parse((await openVault('vault', root).read(map as never)).toString()))
  const page = (await readFile(join(root, 'dist/index.html'), 'utf8')).split('\n')
  const line = page.findIndex(text => text.includes('other()'))
  expect(originalPositionFor(read, { line: line + 1, column: 10 }).source).toBeNull()
})

test('an equal copy has the map of what it copies', async () => {
  const report = await build(['a.js', 'b.js'], async (dist, code) => {
    await write(join(dist, 'standalone/a.js'), code['a.js'] as string)
    await rm(join(dist, 'a.js'))
  })
  expect(fileOf(report, 'standalone/a.js')).toMatchObject({ fate: 'copied', map: { sha256: expect.any(String) } })
  expect(report).toMatchObject({ scripts: 2, decodable: 2 })
})

test.each([
  ['.gz', gzipSync],
  ['.br', brotliCompressSync],
])('a script that ships as %s alone is decodable', async (ending, compress) => {
  const report = await build(['a.js', 'b.js'], async (dist, code) => {
    await write(join(dist, `a.js${ending}`), compress(code['a.js'] as string))
    await rm(join(dist, 'a.js'))
  })
  expect(fileOf(report, 'a.js').fate).toBe('compressed')
  expect(report).toMatchObject({ scripts: 2, decodable: 2 })
})

test('a script that is gone does not count, and its map is kept', async () => {
  const report = await build(['a.js', 'b.js'], dist => rm(join(dist, 'a.js')))
  expect(fileOf(report, 'a.js')).toMatchObject({ fate: 'gone', map: { sha256: expect.any(String) } })
  expect(report).toMatchObject({ scripts: 1, decodable: 1 })
})

/** Puts scripts into the body of a page. */
const inlined = (...code: string[]) =>
  `<!doctype html>\n<title>é</title>${code.map(text => `<script>${text}</script>`).join('\n')}`

/** Every script decodes at its place in the page, by each of its IDs. */
async function expectAllDecode(report: Report, sources: string[]): Promise<void> {
  const files = report.build.files.filter(({ fate }) => fate === 'inlined')
  expect(new Set(files.map(({ debugId }) => debugId)).size).toBe(sources.length)
  for (const file of files) for (const source of sources) expect(await decode(file, source)).toEqual(right(source))
}

describe('scripts of several builds in one page', () => {
  test('the second build puts its script beside that of the first, which is gone', async () => {
    let first = ''
    await build(['a.js'], async (_, code) => {
      first = code['a.js'] as string
    })
    const report = await build(['b.js'], async (dist, code) => {
      await write(join(dist, 'index.html'), inlined(first, code['b.js'] as string))
      await rm(join(dist, 'a.js'))
      await rm(join(dist, 'b.js'))
    })
    await expectAllDecode(report, ['a.js', 'b.js'])
    expect(report).toMatchObject({ scripts: 2, decodable: 2 })
  })

  test.each(['before', 'behind'])(
    'the second build puts its script %s one that the page holds already',
    async where => {
      let page = ''
      const earlier = await build(['a.js', 'b.js'], async (dist, code) => {
        page = inlined(code['a.js'] as string, code['b.js'] as string)
        await write(join(dist, 'index.html'), page)
        await rm(join(dist, 'a.js'))
        await rm(join(dist, 'b.js'))
      })
      await expectAllDecode(earlier, ['a.js', 'b.js'])
      const report = await build(['c.js'], async (dist, code) => {
        const script = `<script>${code['c.js']}</script>`
        await write(
          join(dist, 'index.html'),
          where === 'before' ? page.replace('</title>', `</title>${script}\n`) : page + script,
        )
      })
      await expectAllDecode(report, ['a.js', 'b.js', 'c.js'])
    },
  )

  test('the scripts lie in folders of their own, and the page above them', async () => {
    const dist = join(root, 'dist')
    const report = await build(
      ['a.js', 'b.js'],
      async (_, code) => {
        await write(join(dist, 'index.html'), inlined(code['a.js'] as string, code['b.js'] as string))
        await rm(join(dist, 'b/b.js'))
      },
      {},
      file => join(dist, file[0] as string),
    )
    await expectAllDecode(report, ['a.js', 'b.js'])
    expect(report.build.files.map(({ outDir, path, fate }) => [outDir, path, fate])).toEqual([
      ['dist', 'index.html', 'inlined'],
      ['dist', 'index.html', 'inlined'],
      ['dist/a', 'a.js', undefined],
    ])
  })

  test('one of them was rewritten: the others decode, and the build says which does not', async () => {
    const report = await build(['a.js', 'b.js'], async (dist, code) => {
      const rewritten = (code['a.js'] as string).replaceAll(/\b[a-z]+\b/g, word => `_${word}`)
      await write(join(dist, 'index.html'), inlined(rewritten, code['b.js'] as string))
    })
    const [lost, kept] = report.build.files.filter(({ path }) => path === 'index.html')
    expect([lost, kept].map(file => file?.problem).sort()).toEqual([expect.stringContaining('rewrote it'), undefined])
    for (const file of [lost, kept] as ReportedFile[]) {
      expect(await decode(file, 'b.js')).toEqual(right('b.js'))
      expect(await decode(file, 'a.js')).toEqual(names.map(() => null))
    }
  })

  test('a page that an earlier build has settled is left as it is', async () => {
    await build(['a.js'], (dist, code) => write(join(dist, 'old.html'), inlined(code['a.js'] as string)))
    const report = await build(['b.js'], async () => {})
    expect(report.build.files.map(({ path }) => path)).toEqual(['b.js'])
  })
})
