import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises'
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
