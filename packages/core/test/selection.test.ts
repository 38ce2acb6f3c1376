import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sealFolder } from '../src/build/seal/seal-folder.ts'
import { loadSelection } from '../src/build/selection.ts'
import { joinSession } from '../src/build/session.ts'
import { type Options, resolveOptions } from '../src/options.ts'
import { openVault } from '../src/vault/locate.ts'

const selected = async (options: Options, paths: string[]) =>
  paths.filter(await loadSelection(resolveOptions(options, {})))

const scripts = ['main.js', 'sw.js', 'assets/app-1a2b.js', 'assets/.hidden.mjs', 'vendor/a/deep.cjs']

describe('include and exclude', () => {
  test.each<[Options, string[]]>([
    [{}, scripts],
    [{ include: '*.js' }, ['main.js', 'sw.js']],
    [{ include: './*.js' }, ['main.js', 'sw.js']],
    [{ include: 'assets/**' }, ['assets/app-1a2b.js', 'assets/.hidden.mjs']],
    [{ include: '**/*.{mjs,cjs}' }, ['assets/.hidden.mjs', 'vendor/a/deep.cjs']],
    [{ include: ['*.js', 'vendor/**'], exclude: ['sw.js'] }, ['main.js', 'vendor/a/deep.cjs']],
    [{ exclude: ['vendor/**', 'assets/app-*.js'] }, ['main.js', 'sw.js', 'assets/.hidden.mjs']],
    [{ exclude: '!(main).js' }, ['main.js', 'assets/app-1a2b.js', 'assets/.hidden.mjs', 'vendor/a/deep.cjs']],
    [{ exclude: 'vendor' }, scripts],
    [{ exclude: '**' }, []],
  ])('%j', async (options, expected) => {
    expect(await selected(options, scripts)).toEqual(expected)
  })

  test('are about scripts of any name, without its query, and not about style sheets', async () => {
    expect(await selected({ exclude: '**' }, ['a.css', 'a.bundle', 'a.js?v=1'])).toEqual(['a.css'])
    expect(await selected({ allow: 'vendor/**' }, ['vendor/a.js', 'a.js'])).toEqual(['a.js'])
    expect(await selected({ include: 'a.js' }, ['a.js?v=1', 'b.js?v=1'])).toEqual(['a.js?v=1'])
  })
})

let root: string
let lines: string[]
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'selection-'))
  lines = []
})
afterEach(() => rm(root, { recursive: true }))

const dist = (path: string) => join(root, 'dist', path)
const map = { version: 3, sources: ['a.ts'], sourcesContent: ['run()'], names: [], mappings: 'AAAA' }

async function write(files: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(dist(path)), { recursive: true })
    await writeFile(dist(path), text)
  }
}

function options(more: Options): Options {
  const write = (line: string) => void lines.push(line)
  return {
    vault: 'vault',
    release: '1.0',
    onError: 'warn',
    logger: { info: write, warn: write, error: write },
    ...more,
  }
}

describe('a folder that is sealed', () => {
  const files = {
    'main.js': 'run()\n//# sourceMappingURL=main.js.map\n',
    'main.js.map': JSON.stringify(map),
    'vendor/lib.js': 'run()\n//# sourceMappingURL=../maps/lib.map\n',
    'maps/lib.map': JSON.stringify(map),
    'vendor/plain.js': 'run()\n',
    'vendor/plain.js.map': JSON.stringify(map),
    'vendor/lib.css': 'a{}\n/*# sourceMappingURL=lib.css.map */\n',
    'vendor/lib.css.map': JSON.stringify(map),
  }

  test('keeps what is excluded byte for byte, and reports its maps', async () => {
    await write(files)
    const { leaks, scripts, build } = await sealFolder('dist', options({ exclude: 'vendor/**' }), root)
    for (const path of ['vendor/lib.js', 'maps/lib.map', 'vendor/plain.js', 'vendor/plain.js.map'] as const) {
      expect(await readFile(dist(path), 'utf8')).toBe(files[path])
    }
    expect(await readFile(dist('main.js'), 'utf8')).toContain('debugId=')
    expect(await readFile(dist('vendor/lib.css'), 'utf8')).toBe('a{}\n')
    for (const path of ['main.js.map', 'vendor/lib.css.map']) await expect(stat(dist(path))).rejects.toThrow('ENOENT')
    expect([scripts, build.files.map(({ path }) => path)]).toEqual([1, ['main.js', 'vendor/lib.css']])
    expect(leaks).toEqual([
      { path: 'maps/lib.map', kind: 'map file', outDir: 'dist' },
      { path: 'vendor/lib.js', kind: 'sourceMappingURL', outDir: 'dist', isExcluded: true },
      { path: 'vendor/plain.js.map', kind: 'map file', outDir: 'dist', isExcluded: true },
    ])
    expect(lines.join('\n')).toContain(
      'dist/vendor/plain.js.map still reveals source (map file). "include" and "exclude" leave it as it is',
    )
  })

  test('may keep maps beside the code', async () => {
    await write(files)
    const { leaks } = await sealFolder('dist', options({ exclude: 'vendor/**', output: 'keep' }), root)
    expect(leaks).toEqual([])
    expect(await readFile(dist('vendor/plain.js.map'), 'utf8')).toBe(files['vendor/plain.js.map'])
  })

  test('of which nothing is selected is scanned, and the build says so', async () => {
    await write({ 'main.js': files['main.js'], 'main.js.map': files['main.js.map'] })
    const { leaks } = await sealFolder('dist', options({ include: 'absent/**' }), root)
    expect(leaks.map(({ path }) => path)).toEqual(['main.js', 'main.js.map'])
    expect(lines.join('\n')).toContain('"include" and "exclude" select no script, so there was nothing to seal')
    expect(await openVault('vault', root).records()).toEqual([])
  })
})

test('each part of a build has its own selection', async () => {
  const join = (exclude: string) => joinSession(resolveOptions(options({ exclude }), {}), root)
  const [client, server] = [await join('a.js'), await join('b.js')]
  expect(['a.js', 'b.js'].map(path => client.selects(path))).toEqual([false, true])
  expect(['a.js', 'b.js'].map(path => server.selects(path))).toEqual([true, false])
  await client.leave('failed')
  await server.leave('failed')
})
