import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { transform } from 'esbuild'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { run } from './run.ts'

let dir: string
beforeEach(async () => {
  dir = await realpath(await mkdtemp(join(tmpdir(), 'seal-')))
  await writeFile(join(dir, 'package.json'), '{}')
  await mkdir(join(dir, 'dist'))
  const { code, map } = await transform('export function pay(sum: number) {\n  throw new Error(String(sum))\n}\n', {
    loader: 'ts',
    sourcemap: 'external',
    sourcefile: '../src/pay.ts',
  })
  await writeFile(join(dir, 'dist/pay.js'), `${code}//# sourceMappingURL=pay.js.map\n`)
  await writeFile(join(dir, 'dist/pay.js.map'), map)
})
afterEach(() => rm(dir, { recursive: true }))

describe('seal', () => {
  it('leaves a folder that check passes, and maps that symbolicate finds', async () => {
    const cwd = dir
    expect((await run(['check', 'dist'], { cwd })).code).toBe(1)
    const sealed = await run(['seal', 'dist', '--release', '1.4.0'], { cwd })
    expect(sealed).toMatchObject({ code: 0, stdout: '' })
    expect(sealed.stderr).toMatch(
      /^\[mapseal\] 1 script, 1 decodable · release 1\.4\.0 · source maps kept in \.mapseal · /,
    )
    expect(await readdir(join(dir, 'dist'))).toEqual(['pay.js'])
    expect((await run(['check', 'dist'], { cwd })).stdout).toContain('1 script, no problem; source maps compared with')

    const lines = (await readFile(join(dir, 'dist/pay.js'), 'utf8')).split('\n')
    const line = lines.findIndex(text => text.includes('throw'))
    const column = lines[line]?.indexOf('throw') ?? -1
    const stdin = `Error: 7\n    at pay (${join(dir, 'dist/pay.js')}:${line + 1}:${column + 1})`
    const { stdout } = await run(['symbolicate', '--release', '1.4.0'], { cwd, stdin })
    expect(stdout).toContain('    at pay (src/pay.ts:2:3)\n')
    expect((await run(['releases'], { cwd })).stdout).toMatch(/ {2}1\.4\.0 {4,}1 {6}1 of 1 /)
  })

  it('takes its options from the config, and the command line before it', async () => {
    await writeFile(join(dir, 'mapseal.config.mjs'), 'export default { release: "from-config", vault: "store" }')
    const release = async (...args: string[]) => {
      const { stdout } = await run(['seal', 'dist', '--json', ...args], { cwd: dir })
      return JSON.parse(stdout)
    }
    expect(await release()).toMatchObject({ vault: join(dir, 'store'), build: { release: { name: 'from-config' } } })
    expect(await release('--release', '2')).toMatchObject({ build: { release: { name: '2' } } })
    expect(await release('--vault', 'other')).toMatchObject({ vault: join(dir, 'other') })
  })

  it('prints requests with --dry-run, then flush too, and changes nothing', async () => {
    const config = `export default { deliver: 'later', destinations: [{
      name: 'mine',
      async deliver(build, artifacts, { fetch }) {
        for await (const { path, map } of artifacts) {
          const headers = { Authorization: 'Bearer s3cret-token', 'Content-Type': 'application/json' }
          await fetch('https://maps.example/' + path, { method: 'PUT', headers, body: map })
        }
        return { artifacts: 1 }
      },
    }] }`
    await writeFile(join(dir, 'mapseal.config.mjs'), config)
    const [before, script] = [await readdir(dir, { recursive: true }), await readFile(join(dir, 'dist/pay.js'))]
    const dry = await run(['seal', 'dist', '--release', '1.4.0', '--dry-run'], { cwd: dir })
    expect(dry).toMatchObject({ code: 0, stdout: '' })
    const request =
      /^\[mine\] PUT https:\/\/maps\.example\/pay\.js\n\[mine\] Authorization: \[redacted\]\n.*json\n\[mine\] \n\[mine\] \{"debugId":/
    expect(dry.stderr).toMatch(request)
    expect(await readdir(dir, { recursive: true })).toEqual(before)
    expect(await readFile(join(dir, 'dist/pay.js'))).toEqual(script)

    await run(['seal', 'dist', '--release', '1.4.0'], { cwd: dir })
    expect((await run(['flush', '--dry-run'], { cwd: dir })).stderr).toMatch(request)
    const { stdout } = await run(['releases', '--json'], { cwd: dir })
    expect(JSON.parse(stdout)).toMatchObject([{ deliveries: { mine: { state: 'pending' } } }])
    const url = ['--url', 'https://shop.example/pay.js']
    expect(await run(['check', ...url], { cwd: dir })).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^✓ mine: pay\.js, by debug ID [\da-f-]{36}\n$/),
    })
    expect(await run(['check', '--url', 'https://shop.example/x.js'], { cwd: dir })).toMatchObject({ code: 1 })
  })

  it('prints the report with --json where onError stops it, too', async () => {
    await writeFile(join(dir, 'mapseal.config.mjs'), 'export default { onError: "fail" }')
    await writeFile(join(dir, 'dist/left.map'), '{"sources":["a.js"]')
    const { code, stdout, stderr } = await run(['seal', 'dist', '--json'], { cwd: dir })
    expect({ code, leaks: JSON.parse(stdout).leaks }).toMatchObject({ code: 1, leaks: [{ path: 'left.map' }] })
    expect(stderr).toContain('The build is stopped because onError is "fail"')
  })

  it('changes nothing with --dry-run where a folder is a link, and finds maps beside the folder', async () => {
    await rename(join(dir, 'dist'), join(dir, 'built'))
    await rename(join(dir, 'built/pay.js.map'), join(dir, 'pay.js.map'))
    await writeFile(join(dir, 'built/pay.js'), 'pay()\n//# sourceMappingURL=../pay.js.map\n')
    await writeFile(join(dir, 'built/x.map'), '{"sources":["a.js"]')
    await symlink('built', join(dir, 'dist'))
    const before = await readdir(dir, { recursive: true })
    expect(await run(['seal', 'dist', '--dry-run'], { cwd: dir })).toEqual({ code: 0, stdout: '', stderr: '' })
    expect(await readdir(dir, { recursive: true })).toEqual(before)
    expect(await readFile(join(dir, 'built/pay.js'), 'utf8')).not.toContain('debugId')
  })

  describe('several folders', () => {
    const built = ['apps/shop/dist', 'apps/admin/dist', 'apps/admin/dist/legacy']
    beforeEach(async () => {
      for (const folder of built) await cp(join(dir, 'dist'), join(dir, folder), { recursive: true })
      await mkdir(join(dir, 'apps/docs'))
      await cp(join(dir, 'dist'), join(dir, 'node_modules/apps/x/dist'), { recursive: true })
    })

    it.each([
      ['a pattern', ['apps/*/dist']],
      ['a pattern over folders in each other', ['apps/**/{dist,legacy}']],
      ['what a shell made of it', ['apps/admin/dist', 'apps/shop/dist', './apps/shop/dist/']],
    ])('named by %s, are one build and one delivery', async (_, operands) => {
      await writeFile(
        join(dir, 'mapseal.config.mjs'),
        `import { appendFileSync } from 'node:fs'
         const deliver = async build => (appendFileSync('${dir}/deliveries', build.release.name), { artifacts: build.files.length })
         export default { destinations: [{ name: 'mine', deliver }] }`,
      )
      const sealed = await run(['seal', ...operands, '--release', '7', '--json'], { cwd: dir })
      expect(sealed.code).toBe(0)
      const { build } = JSON.parse(sealed.stdout)
      expect(build.files.map(({ outDir, path }: Record<string, string>) => `${outDir}: ${path}`)).toEqual([
        'apps/admin/dist: legacy/pay.js',
        'apps/admin/dist: pay.js',
        'apps/shop/dist: pay.js',
      ])
      expect(build.deliveries).toMatchObject({ mine: { state: 'delivered', artifacts: 3 } })
      expect(await readFile(join(dir, 'deliveries'), 'utf8')).toBe('7')
      expect(await readdir(join(dir, '.mapseal/builds'))).toHaveLength(1)
      for (const folder of built) expect(await readdir(join(dir, folder))).not.toContain('pay.js.map')
      expect(await readdir(join(dir, 'node_modules/apps/x/dist'))).toContain('pay.js.map')
    })

    it('are all left alone if one pattern matches nothing', async () => {
      const { code, stderr } = await run(['seal', 'dist', 'packages/*/dist'], { cwd: dir })
      expect(code).toBe(1)
      expect(stderr).toBe(
        `[mapseal] [seal] "packages/*/dist" matches no folder below ${dir}. Build first, or correct the pattern.\n`,
      )
      expect(await readdir(join(dir, 'dist'))).toEqual(['pay.js', 'pay.js.map'])
    })

    it('may have names that look like a pattern', async () => {
      await cp(join(dir, 'dist'), join(dir, 'out/[id]'), { recursive: true })
      expect((await run(['seal', 'out/[id]'], { cwd: dir })).code).toBe(0)
      expect(await readdir(join(dir, 'out/[id]'))).toEqual(['pay.js'])
    })
  })

  it('leaves out what the config excludes', async () => {
    await writeFile(join(dir, 'mapseal.config.mjs'), 'export default { exclude: "pay.js", onError: "warn" }')
    const before = await readFile(join(dir, 'dist/pay.js'), 'utf8')
    const { code, stderr } = await run(['seal', 'dist'], { cwd: dir })
    expect(code).toBe(1)
    expect(stderr).toContain(
      'dist/pay.js.map still reveals source (map file). "include" and "exclude" leave it as it is',
    )
    expect(await readFile(join(dir, 'dist/pay.js'), 'utf8')).toBe(before)
  })

  it.each([
    [['seal', 'absent'], 'absent is not a folder. Name the folder that your build writes.'],
    [['seal', 'dist/pay.js'], 'dist/pay.js is not a folder.'],
    [['seal', 'dist', '--config', 'absent.mjs'], 'absent.mjs does not exist.'],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await run(args, { cwd: dir })
    expect(code).toBe(1)
    expect(stderr).toContain(message)
  })

  it('refuses an option of the config that does not exist', async () => {
    await writeFile(join(dir, 'mapseal.config.mjs'), 'export default { retian: 3 }')
    const { code, stderr } = await run(['seal', 'dist'], { cwd: dir })
    expect(code).toBe(1)
    expect(stderr).toContain('There is no option "retian". Did you mean "retain"?')
  })
})

it('names sources by their path in the repository, and with --raw as the map does', async () => {
  const source = 'turbopack:///[project]/app/x.tsx'
  const built = await transform('export const pay = () => {\n  throw new Error("no price")\n}', {
    sourcemap: 'external',
    sourcefile: source,
    format: 'esm',
  })
  await writeFile(join(dir, 'dist', 'x.js'), `${built.code}//# sourceMappingURL=x.js.map\n`)
  await writeFile(join(dir, 'dist', 'x.js.map'), built.map)
  expect((await run(['seal', 'dist'], { cwd: dir })).code).toBe(0)
  const lines = (await readFile(join(dir, 'dist', 'x.js'), 'utf8')).split('\n')
  const line = lines.findIndex(text => text.includes('throw'))
  const stdin = `Error: no price\n    at https://a.example/x.js:${line + 1}:${(lines[line] as string).indexOf('throw') + 1}\n`
  expect((await run(['symbolicate'], { cwd: dir, stdin })).stdout).toContain('at pay (app/x.tsx:2:3)')
  expect((await run(['symbolicate', '--raw'], { cwd: dir, stdin })).stdout).toContain(`at pay (${source}:2:3)`)
})
