import { appendFile, cp, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { type BuildRecord, openVault } from '@mapseal/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { main } from '../src/main.ts'
import { run } from './run.ts'
import { sealedShop, url } from './sealed-shop.ts'

let dir: string
let stack: string
let debugId: string
beforeEach(async () => {
  const shop = await sealedShop()
  dir = shop.dir
  stack = shop.stack
  debugId = shop.debugId
})
afterEach(() => rm(dir, { recursive: true }))

const readable = `Error: no price
    at priceOf (src/shop.ts:2:38)
        1 │ export function priceOf(item: { price?: number }): number {
      > 2 │ \tif (item.price === undefined) throw new Error('no price')
          │ \t                                    ^
        3 │ \treturn item.price
        4 │ }
`

describe('symbolicate', () => {
  it('reads a stack from stdin, and shows source with a caret', async () => {
    const { code, stdout, stderr } = await run(['symbolicate'], { cwd: dir, stdin: stack })
    expect((await run(['symbolicate', '-'], { cwd: dir, stdin: stack })).stdout).toBe(stdout)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain(readable)
    expect(stdout).toContain('    at checkout (src/shop.ts:7:9)\n')
    expect(stdout).not.toContain(url)
  })

  it('reads a stack from a file', async () => {
    await writeFile(join(dir, 'trace.txt'), stack)
    const expected = await run(['symbolicate'], { cwd: dir, stdin: stack })
    expect(await run(['symbolicate', 'trace.txt'], { cwd: dir })).toEqual(expected)
  })

  it('reads a stack that PowerShell has redirected into a file', async () => {
    await writeFile(join(dir, 'trace.txt'), `\ufeff${stack}`, 'utf16le')
    expect((await run(['symbolicate', 'trace.txt'], { cwd: dir })).stdout).toContain(readable)
  })

  it('prints a stack of Firefox alike', async () => {
    const firefox = stack.replace(/^ {4}at (?:(\S+) \()?(.*?)\)?$/gm, '$1@$2')
    expect(firefox).toMatch(new RegExp(`^\\w+@${url}:1:\\d+$`, 'm'))
    const { stdout } = await run(['symbolicate'], { cwd: dir, stdin: firefox })
    expect(stdout).toContain(readable)
  })

  it('uses colours in a terminal, unless switched off', async () => {
    const plain = (await run(['symbolicate'], { cwd: dir, stdin: stack })).stdout
    for (const [env, isTTY, isColoured] of [
      [{}, true, true],
      [{}, false, false],
      [{ NO_COLOR: '1' }, true, false],
      [{ TERM: 'dumb' }, true, false],
      [{ FORCE_COLOR: '1' }, false, true],
      [{ FORCE_COLOR: '1', NO_COLOR: '1' }, false, true],
      [{ FORCE_COLOR: '0' }, true, false],
    ] as const) {
      const { stdout } = await run(['symbolicate'], { cwd: dir, stdin: stack, env, isTTY })
      expect(stripVTControlCharacters(stdout)).toBe(plain)
      expect(stdout !== plain, JSON.stringify(env)).toBe(isColoured)
    }
  })

  it('leaves a frame it cannot read as it was, and says why', async () => {
    const foreign = '    at load (https://cdn.example/other.js:1:20)'
    const { code, stdout } = await run(['symbolicate'], { cwd: dir, stdin: `${stack}\n${foreign}\n` })
    expect(stdout).toContain(`${foreign} (no build in the vault holds a file of this name)\n`)
    expect(code).toBe(0)
    expect((await run(['symbolicate'], { cwd: dir, stdin: foreign })).code).toBe(1)
  })

  it('finds a renamed file by debug ID', async () => {
    const renamed = 'https://cdn.example/x.js?v=1'
    const stdin = stack.replaceAll(url, renamed)
    const { code, stdout } = await run(['symbolicate', '--debug-id', `${renamed}=${debugId}`], { cwd: dir, stdin })
    expect(code).toBe(0)
    expect(stdout).toContain(readable)
  })

  it('says which release the vault does not hold', async () => {
    const { code, stderr } = await run(['symbolicate', '--release', '1.5.0'], { cwd: dir, stdin: stack })
    expect(code).toBe(1)
    expect(stderr).toContain('holds no build of release 1.5.0. Its newest releases: 1.4.0.')
    expect((await run(['symbolicate', '--release', '1.4.0'], { cwd: dir, stdin: stack })).code).toBe(0)
  })

  it('prints JSON', async () => {
    const { code, stdout } = await run(['symbolicate', '--json'], { cwd: dir, stdin: stack })
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      notes: [],
      lines: [
        { kind: 'text', raw: 'Error: no price' },
        { kind: 'original', debugId, original: { function: 'priceOf', source: 'src/shop.ts', line: 2, column: 37 } },
        { kind: 'original', original: { function: 'checkout', line: 7, column: 8 } },
        {},
        {},
      ],
    })
  })

  it('prints paths of the repository and the commit for programs', async () => {
    const commit = '0123456789abcdef0123456789abcdef01234567'
    const vault = openVault(undefined, dir)
    const [build] = await vault.records()
    await vault.record({ ...(build as BuildRecord), release: { name: commit, source: 'git' } })
    const { stdout } = await run(['symbolicate', '--json'], { cwd: dir, stdin: JSON.stringify({ stack }) })
    const [, first] = JSON.parse(stdout).lines.filter(({ kind }: { kind: string }) => kind === 'original')
    expect(first).toMatchObject({ file: 'src/shop.ts', commit, release: commit, original: { function: 'checkout' } })
  })

  it('names the commit that was built, whatever the name of the release', async () => {
    const sha = '0123456789abcdef0123456789abcdef01234567'
    const vault = openVault(undefined, dir)
    const [build] = await vault.records()
    await vault.record({ ...(build as BuildRecord), commit: { sha, branch: 'main', subject: 'Round totals' } })
    const { stdout } = await run(['symbolicate', '--json'], { cwd: dir, stdin: JSON.stringify({ stack }) })
    const [, first] = JSON.parse(stdout).lines.filter(({ kind }: { kind: string }) => kind === 'original')
    expect(first).toMatchObject({ commit: sha, release: '1.4.0' })
    const shown = await run(['releases', 'show', '1.4.0'], { cwd: dir })
    expect(shown.stdout).toMatch(/\ncommit +0123456 · main · Round totals\n/)
  })

  it('reads a log of JSON', async () => {
    const log = `${JSON.stringify({ level: 50, err: { stack } })}\n{"level":30,"msg":"paid"}\n`
    const { stdout } = await run(['symbolicate'], { cwd: dir, stdin: log })
    expect(stdout).toContain(`{"level":50,"err":{"stack":"…"}}\n${readable}`)
    expect(stdout).toContain('{"level":30,"msg":"paid"}')
  })

  describe('--follow', () => {
    const frame = 'at priceOf (src/shop.ts:2:38)'

    it('changes nothing but frames', async () => {
      const before = `{"level":30}\r\n${JSON.stringify({ level: 50, err: { stack } })}\n\xff`
      const { code, stdout } = await run(['symbolicate', '--follow'], { cwd: dir, stdin: before })
      expect(code).toBe(0)
      expect(stdout).toContain(frame)
      const around = (text: string) => text.replace(/at (?:\w+ \()?[^\s()"]+:\d+:\d+\)?/g, '…')
      expect(around(stdout)).toBe(around(before))
    })

    it('reads a file that grows, is cut, and is replaced', async () => {
      const path = join(dir, 'app.log')
      await writeFile(path, `${stack}\n`)
      let stop = () => {}
      const untilStopped = () => new Promise<void>(done => (stop = done))
      let shown = ''
      const stdout = { write: (text: string | Uint8Array) => (shown += Buffer.from(text).toString()) }
      const io = { stdout, stderr: stdout, stdin: (async function* () {})(), env: {}, cwd: dir, untilStopped }
      const ended = main(['symbolicate', '--follow', 'app.log'], io)
      await expect.poll(() => shown).toContain(frame)
      await appendFile(path, 'grown\n')
      await expect.poll(() => shown).toContain('grown\n')
      await writeFile(path, 'cut\n')
      await expect.poll(() => shown).toContain('cut\n')
      await writeFile(`${path}.new`, 'replaced, and longer than before\n')
      await rename(`${path}.new`, path)
      await expect.poll(() => shown).toContain('replaced, and longer than before\n')
      stop()
      expect(await ended).toBe(0)
    })

    it.each([
      ['--json', [], '--follow and --json cannot be combined'],
      ['--server', ['http://127.0.0.1:1'], '--follow and --server cannot be combined'],
    ])('refuses %s', async (option, value, message) => {
      const { code, stderr } = await run(['symbolicate', '--follow', option, ...value], { cwd: dir })
      expect(stderr).toContain(message)
      expect(code).toBe(2)
    })
  })

  it.each([
    ['empty stdin', [], '', 'stdin is empty. Name a file with a stack, or pipe one: mapseal symbolicate < trace.txt.'],
    ['a missing file', ['absent.txt'], '', 'absent.txt cannot be read: ENOENT'],
    ['text without frames', [], 'Error: no price', 'No stack frame was found in the text. Paste the whole stack.'],
    [
      'a missing vault',
      ['--vault', 'absent'],
      'at https://a.io/x.js:1:1',
      'absent holds no build. Build with the plugin',
    ],
    ['a missing config', ['--config', 'absent.mjs'], 'at https://a.io/x.js:1:1', 'absent.mjs does not exist.'],
  ])('refuses %s', async (_, args, stdin, message) => {
    const { code, stdout, stderr } = await run(['symbolicate', ...args], { cwd: dir, stdin })
    expect(stderr).toContain(message)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  })

  it('passes over a build record that cannot be read, and names it', async () => {
    await writeFile(join(dir, '.mapseal/builds/20261122T000000000Z-00000000.json'), '{')
    const { code, stderr } = await run(['symbolicate'], { cwd: dir, stdin: stack })
    expect(code).toBe(0)
    expect(stderr).toMatch(/20261122T000000000Z-00000000\.json cannot be read and is passed over: /)
  })

  it.each([
    ['symbolicate', []],
    ['check', ['dist']],
  ])('names a build record once that was damaged after the index knew it: %s', async (command, args) => {
    const [name] = await readdir(join(dir, '.mapseal/builds'))
    await writeFile(join(dir, '.mapseal/builds', `${name}`), '{')
    const { code, stderr } = await run([command, ...args], { cwd: dir, stdin: stack })
    expect(code).toBe(1)
    expect(stderr.match(/^\[mapseal\] \[vault\] .* cannot be read and is passed over: /gm)).toHaveLength(1)
  })

  it.each([
    ['symbolicate', []],
    ['check', ['dist']],
    ['flush', []],
  ])('says of a damaged index what to do, without a stack of ours: %s', async (command, args) => {
    for (const name of await readdir(join(dir, '.mapseal/index')))
      await writeFile(join(dir, '.mapseal/index', name), 'damaged')
    const { code, stderr } = await run([command, ...args], { cwd: dir, stdin: stack })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^\[mapseal\] \[vault\] .* Delete .*index\/, which is then made anew from the records\.\n$/)
  })
})

describe('the vault', () => {
  it('is the one of the option, else of the config, else of the environment', async () => {
    const read = (args: string[] = [], env = {}) => run(['releases', ...args], { cwd: join(dir, 'dist'), env })
    const elsewhere = 'elsewhere holds no build'
    expect((await read([], { MAPSEAL_VAULT: 'elsewhere' })).stderr).toContain(elsewhere)
    await writeFile(join(dir, 'dist/mapseal.config.mjs'), 'export default { vault: "../.mapseal" }')
    expect((await read([], { MAPSEAL_VAULT: 'elsewhere' })).code).toBe(0)
    expect((await read(['--vault', 'elsewhere'])).stderr).toContain(elsewhere)
  })
})

describe('releases', () => {
  it('lists the builds', async () => {
    const { code, stdout } = await run(['releases'], { cwd: dir })
    expect(code).toBe(0)
    const [heading, build, ...rest] = stdout.trimEnd().split('\n')
    expect(heading?.split(/ {2,}/)).toEqual([
      'BUILD',
      'TIME (UTC)',
      'RELEASE',
      'FILES',
      'DECODABLE',
      'SIZE',
      'DELIVERIES',
    ])
    expect(build?.split(/ {2,}/)).toEqual([
      '20261121T101500123Z-9f3c21ab',
      '2026-11-21 10:15:00',
      '1.4.0',
      '1',
      '1 of 1',
      expect.stringMatching(/^\d\.\d kB$/),
      'sentry: delivered',
    ])
    expect(rest).toEqual([])
  })

  it('says which builds were not finished', async () => {
    const vault = openVault(undefined, dir)
    const [record] = (await vault.records()) as [BuildRecord]
    await vault.record({ ...record, id: '20261121T101500124Z-00000001', state: 'open' })
    await vault.record({ ...record, id: '20261121T101500125Z-00000002', state: 'failed' })
    const { stdout } = await run(['releases'], { cwd: dir })
    const last = stdout
      .trimEnd()
      .split('\n')
      .map(line => line.split(/ {2,}/).at(-1))
    expect(last).toEqual(['STATE', 'not finished: failed', 'not finished', 'finished'])
    const builds = JSON.parse((await run(['releases', '--json'], { cwd: dir })).stdout) as { state: string }[]
    expect(builds.map(({ state }) => state)).toEqual(['failed', 'open', 'finished'])
  })

  it('lists the newest, and tells builds of one release apart', async () => {
    const vault = openVault(undefined, dir)
    const [record] = (await vault.records()) as [BuildRecord]
    const files = record.files.map(file => ({ ...file, outDir: 'dist/server' }))
    await vault.record({ ...record, id: '20261121T101500124Z-00000001', files })
    const { stdout } = await run(['releases'], { cwd: dir })
    expect(stdout).toMatch(
      /^BUILD +TIME \(UTC\) +RELEASE +FOLDER .*\n2026.* 1\.4\.0 +dist\/server .*\n2026.* 1\.4\.0 +dist /,
    )
    const newest = await run(['releases', '--limit', '1'], { cwd: dir })
    expect(newest.stdout).toMatch(/^BUILD.*\n20261121T101500124Z-00000001 .*\nand 1 older\n$/)
    const { code, stderr } = await run(['releases', 'show', '1.4.0'], { cwd: dir })
    expect(stderr).toMatch(
      /1\.4\.0 has 2 builds\. Give the ID of one:\n {2}20261121T101500124Z-00000001 {2}dist\/server\n/,
    )
    expect(code).toBe(1)
  })

  it('shows one by its release, its ID or the beginning of that; what does not decode first', async () => {
    const vault = openVault(undefined, dir)
    const [record] = (await vault.records()) as [BuildRecord]
    const [file] = record.files
    const broken = { ...file, path: 'z.js', problem: 'the bundler made no source map' } as BuildRecord['files'][number]
    await vault.record({ ...record, files: [...record.files, broken] })
    const { code, stdout } = await run(['releases', 'show', '1.4.0'], { cwd: dir })
    expect(code).toBe(0)
    expect(stdout).toMatch(/decodable +1 of 2\n[\s\S]*\ndist\/z\.js .*made no source map\ndist\/assets\/shop-3f2a\.js /)
    expect((await run(['releases', 'show', record.id], { cwd: dir })).stdout).toBe(stdout)
    expect((await run(['releases', 'show', '20261121T10'], { cwd: dir })).stdout).toBe(stdout)
    const json = JSON.parse((await run(['releases', 'show', '1.4.0', '--json'], { cwd: dir })).stdout)
    expect(json).toMatchObject({ id: record.id, decodable: 1, files: [{ debugId }, { path: 'dist/z.js' }] })
    const absent = await run(['releases', 'show', '9'], { cwd: dir })
    expect(absent).toMatchObject({ code: 1, stderr: expect.stringContaining('No build or release is called 9.') })
  })

  it('deletes none from a vault that cannot be written, and says so', async () => {
    await rm(join(dir, '.mapseal/tmp'), { recursive: true, force: true })
    await writeFile(join(dir, '.mapseal/tmp'), '')
    const { code, stderr } = await run(['releases', 'delete', '1.4.0'], { cwd: dir })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^\[mapseal\] \[vault\] .*\.mapseal cannot be written: ENOTDIR.* Make room .*\n$/)
  })

  it('deletes one, unless it is not yet delivered', async () => {
    const vault = openVault(undefined, dir)
    const [record] = (await vault.records()) as [BuildRecord]
    await vault.record({ ...record, deliveries: { sentry: { state: 'pending', at: record.createdAt } } })
    const refused = await run(['releases', 'delete', '1.4.0'], { cwd: dir })
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('is not yet delivered to sentry.') })
    await vault.record(record)
    const { code, stdout } = await run(['releases', 'delete', '1.4.0'], { cwd: dir })
    expect(code).toBe(0)
    expect(stdout).toContain(`Deleted ${record.id} (1.4.0).`)
    expect(await openVault(undefined, dir).records()).toEqual([])
  })

  it('prints JSON', async () => {
    const { stdout } = await run(['releases', '--json'], { cwd: dir })
    expect(JSON.parse(stdout)).toMatchObject([{ release: { name: '1.4.0' }, files: 1, decodable: 1 }])
  })
})

describe('check', () => {
  it('finds nothing in a sealed folder', async () => {
    const { code, stdout } = await run(['check', 'dist'], { cwd: dir })
    expect(code).toBe(0)
    expect(stdout).toBe(`✓ dist: 1 file, 1 script, no problem; source maps compared with .mapseal\n`)
  })

  it('lists what it finds', async () => {
    await writeFile(join(dir, 'dist/late.js'), 'run()\n//# sourceMappingURL=late.js.map')
    await writeFile(join(dir, 'dist/late.js.map'), '{}')
    const { code, stdout, stderr } = await run(['check', 'dist'], { cwd: dir })
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
    expect(stdout).toBe(
      [
        'Reveals source',
        '  late.js points to a source map: late.js.map',
        '  late.js.map is a source map',
        '',
        'Cannot be identified',
        '  late.js has no debug ID',
        '',
        `✗ dist: 3 files, 2 scripts, 3 problems; source maps compared with .mapseal`,
        '',
      ].join('\n'),
    )
  })

  it('prints JSON', async () => {
    await writeFile(join(dir, 'dist/late.js.map'), '{}')
    const { code, stdout } = await run(['check', 'dist', '--json'], { cwd: dir })
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toEqual({
      vault: join(dir, '.mapseal'),
      folders: [
        {
          dir: 'dist',
          files: 2,
          scripts: 1,
          withoutMap: [],
          problems: [{ path: 'late.js.map', invariant: 'sealed', message: 'is a source map' }],
        },
      ],
    })
  })

  it.each([
    ['a pattern', ['{dist,apps/*/dist}']],
    ['their names', ['dist', 'apps/admin/dist', 'apps/shop/dist']],
  ])('takes several folders by %s', async (_, operands) => {
    for (const app of ['shop', 'admin']) await cp(join(dir, 'dist'), join(dir, `apps/${app}/dist`), { recursive: true })
    const sound = await run(['check', ...operands], { cwd: dir })
    expect(sound.code).toBe(0)
    expect(sound.stdout.match(/^✓ \S+/gm)?.sort()).toEqual(['✓ apps/admin/dist:', '✓ apps/shop/dist:', '✓ dist:'])

    await writeFile(join(dir, 'apps/shop/dist/late.js.map'), '{}')
    expect((await run(['check', ...operands], { cwd: dir })).code).toBe(1)
    const { code, stdout } = await run(['check', ...operands, '--json'], { cwd: dir })
    expect(code).toBe(1)
    const { folders } = JSON.parse(stdout) as { folders: { dir: string; problems: { path: string }[] }[] }
    const found = folders.map(({ dir, problems }) => [dir, problems.map(({ path }) => path)])
    expect(Object.fromEntries(found)).toEqual({
      'apps/admin/dist': [],
      'apps/shop/dist': ['late.js.map'],
      dist: [],
    })
  })

  it('passes over what it is to ignore', async () => {
    await mkdir(join(dir, 'dist/vendor'))
    await writeFile(join(dir, 'dist/vendor/lib.js'), 'run()\n//# sourceMappingURL=lib.js.map\n')
    await writeFile(join(dir, 'dist/late.js.map'), '{}')
    const check = (...ignored: string[]) =>
      run(['check', 'dist', ...ignored.flatMap(glob => ['--ignore', glob])], { cwd: dir })
    expect((await check('vendor/**')).stdout).toContain('✗ dist: 2 files, 1 script, 1 problem')
    expect(await check('vendor/**', '*.map')).toMatchObject({ code: 0, stdout: expect.stringContaining('1 file, ') })
    expect(await check('**')).toMatchObject({ code: 1, stderr: expect.stringContaining('is ignored, so nothing was') })
  })

  it('lets maps lie in a folder whose config keeps them, and counts links', async () => {
    await writeFile(join(dir, 'dist/late.js.map'), '{"version":3,"sources":[],"mappings":""}')
    await symlink('late.js.map', join(dir, 'dist/link'))
    expect((await run(['check', 'dist'], { cwd: dir })).code).toBe(1)
    await writeFile(join(dir, 'mapseal.config.mjs'), 'export default { output: "keep" }')
    const { code, stdout } = await run(['check', 'dist'], { cwd: dir })
    expect([code, stdout]).toEqual([0, expect.stringMatching(/no problem; .*; 1 link not followed\n$/)])
    expect(JSON.parse((await run(['check', 'dist', '--json'], { cwd: dir })).stdout)).toMatchObject({
      folders: [{ links: ['link'] }],
    })
  })

  it('wants no debug ID in scripts that the config excludes, but no source either', async () => {
    await writeFile(join(dir, 'mapseal.config.mjs'), 'export default { exclude: "vendor/**" }')
    await mkdir(join(dir, 'dist/vendor'))
    await writeFile(join(dir, 'dist/vendor/lib.js'), 'run()\n')
    expect((await run(['check', 'dist'], { cwd: dir })).code).toBe(0)
    await writeFile(join(dir, 'dist/vendor/lib.js'), 'run()\n//# sourceMappingURL=lib.js.map\n')
    await writeFile(join(dir, 'dist/vendor/lib.js.map'), '{}')
    const { code, stdout } = await run(['check', 'dist'], { cwd: dir })
    expect([code, stdout]).toEqual([1, expect.stringContaining('vendor/lib.js points to a source map: lib.js.map')])
  })

  describe('deep', () => {
    it('reads every mapping a second time', async () => {
      const { code, stdout, stderr } = await run(['check', '--deep', 'dist'], { cwd: dir })
      expect([code, stderr]).toEqual([0, ''])
      expect(stdout).toMatch(
        /^✓ dist: .* no problem; source maps compared with \.mapseal; \d\d mappings of 1 map read twice\n$/,
      )
      const { folders } = JSON.parse((await run(['check', '--deep', 'dist', '--json'], { cwd: dir })).stdout)
      expect(folders[0].deep).toEqual({ maps: 1, mappings: Number(/(\d+) mappings/.exec(stdout)?.[1]) })
    })

    it('shows on a terminal how far it is, and wipes that away', async () => {
      const { stderr } = await run(['check', '--deep', 'dist'], { cwd: dir, isTTY: true })
      expect(stripVTControlCharacters(stderr)).toMatch(
        /^\r\[mapseal\] \[check\] dist: read \d+ mappings of 1 map twice, of 1 script\r$/,
      )
    })

    it('names the file, line and column where the readers differ', async () => {
      const vault = openVault(undefined, dir)
      const [build] = await vault.records()
      const [file] = build?.files ?? []
      if (!build || !file) throw new Error('there is no build')
      // The first section goes beyond the start of the second, where each reader has its own idea.
      const map = { version: 3, sources: ['a.ts'], names: [], mappings: 'AAAA,UAAA' }
      const sections = [0, 5].map(column => ({ offset: { line: 0, column }, map }))
      const pack = vault.newPack()
      const code = await readFile(join(dir, 'dist', file.path))
      const blobs = await pack.put({ ...file, code, map: Buffer.from(JSON.stringify({ version: 3, sections })) })
      await pack.commit()
      await vault.record({ ...build, files: [{ ...file, ...blobs }] })
      const { code: exitCode, stdout } = await run(['check', '--deep', 'dist'], { cwd: dir })
      expect(exitCode).toBe(1)
      expect(stdout).toContain(`  ${file.path}:1:11 source-map reads a.ts:1:1, Mapseal nothing\n`)
      const { folders } = JSON.parse((await run(['check', '--deep', 'dist', '--json'], { cwd: dir })).stdout)
      expect(folders[0].problems).toContainEqual({
        path: file.path,
        invariant: 'exact',
        line: 1,
        column: 10,
        message: 'source-map reads a.ts:1:1, Mapseal nothing',
      })
    })

    it('needs a vault', async () => {
      await rm(join(dir, '.mapseal'), { recursive: true })
      const { code, stderr } = await run(['check', '--deep', 'dist'], { cwd: dir })
      expect([code, stderr]).toEqual([1, expect.stringContaining('--deep reads the maps in a vault')])
    })
  })

  it('says which pattern matches nothing', async () => {
    const { code, stderr } = await run(['check', 'dist', 'apps/*/dist'], { cwd: dir })
    expect([code, stderr]).toEqual([1, expect.stringContaining('[check] "apps/*/dist" matches no folder below')])
  })

  it('does without a vault where there is none, but not where one is named', async () => {
    await rm(join(dir, '.mapseal'), { recursive: true })
    expect((await run(['check', 'dist'], { cwd: dir })).stdout).toContain('no vault, so source maps were not compared')
    const { code, stderr } = await run(['check', 'dist', '--vault', 'absent'], { cwd: dir })
    expect(code).toBe(1)
    expect(stderr).toContain('absent holds no build')
  })

  it('needs a folder', async () => {
    const { code, stderr } = await run(['check', 'absent'], { cwd: dir })
    expect(code).toBe(1)
    expect(stderr).toContain('absent is not a folder. Build first')
  })
})
