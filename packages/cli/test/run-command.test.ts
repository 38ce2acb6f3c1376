import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mapseal } from '../../../test/support/command.ts'
import { withMaps } from '../src/map-flags.ts'

let dir: string
beforeEach(async () => {
  dir = await realpath(await mkdtemp(join(tmpdir(), 'run-')))
  await put('package.json', '{ "name": "shop" }')
  await put('src/pay.js', source)
})
afterEach(() => rm(dir, { recursive: true }))

const source = 'export function pay(sum) {\n  throw new Error(String(sum))\n}\n'

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(dir, path)), { recursive: true })
  await writeFile(join(dir, path), text)
}

/** A program that builds `src/pay.js` into each of the files. */
async function builder(...files: string[]): Promise<string[]> {
  const { esbuild } = { esbuild: import.meta.resolve('esbuild') }
  const builds = files.map(outfile => ({ outfile, entryPoints: ['src/pay.js'], sourcemap: true, format: 'esm' }))
  await put(
    'tools/build.mjs',
    `import { build } from ${JSON.stringify(esbuild)}
     for (const options of ${JSON.stringify(builds)}) await build(options)`,
  )
  return ['node', 'tools/build.mjs']
}

function run(...args: string[]) {
  return mapseal(['run', '--release', '1.4.0', ...args], { cwd: dir, env: { CI: '', MAPSEAL_BUILD: undefined } })
}

describe('run', () => {
  it.each([
    ['tsc -p .', ['npm', 'run', 'build'], ['npm', 'run', 'build', '--', '--sourceMap']],
    ['tsc -p . && ng build', ['pnpm', 'build'], ['pnpm', 'build', '--source-map']],
    ['ng build --source-map=false', ['npm', 'run', 'build'], ['npm', 'run', 'build']],
    ['vite build', ['npm', 'run', 'build'], ['npm', 'run', 'build']],
    ['', ['npx', 'ng', 'build'], ['npx', 'ng', 'build', '--source-map']],
    ['', ['ng', 'serve'], ['ng', 'serve']],
    ['', ['esbuild', 'a.ts', '--outfile=a.js'], ['esbuild', 'a.ts', '--outfile=a.js', '--sourcemap']],
    ['esbuild a.ts --outdir=dist --sourcemap=inline', ['npm', 'run', 'build'], ['npm', 'run', 'build']],
    ['esbuild a.ts', ['npm', 'run', 'build'], ['npm', 'run', 'build']],
    ['metro build a.js -O dist/a', ['npm', 'run', 'build'], ['npm', 'run', 'build', '--', '--source-map']],
    ['', ['ng build && echo'], ['ng build && echo']],
  ])('switches source maps on where that takes a flag: script "%s", %j', async (build, words, expected) => {
    await put('package.json', JSON.stringify({ scripts: { build } }))
    expect(await withMaps(words, dir)).toEqual(expected)
  })

  it('seals the folders that the command wrote source maps into, as one build', async () => {
    await put('public/index.html', '<p>')
    await put('packages/ui/package.json', '{ "name": "ui" }')
    await put('dist/old.js', 'old()')
    await put('vendor/lib.js.map', '{}')
    const files = ['dist/pay.js', 'public/build/pay.js', 'packages/ui/lib/deep/pay.js', '.cache/pay.js']
    const { code, stderr } = await run('--', ...(await builder(...files)))
    expect(stderr).toContain('[mapseal] 4 scripts, 3 decodable · release 1.4.0')
    expect(code).toBe(0)
    for (const file of files.slice(0, 3)) {
      expect(existsSync(join(dir, `${file}.map`))).toBe(false)
      expect(await readFile(join(dir, file), 'utf8')).toMatch(/\n\/\/# debugId=\S+\n$/)
    }
    expect(existsSync(join(dir, '.cache/pay.js.map'))).toBe(true)
    expect(existsSync(join(dir, 'vendor/lib.js.map'))).toBe(true)
    expect(await readdir(join(dir, '.mapseal/builds'))).toHaveLength(1)
    expect((await mapseal(['check', 'dist', 'public', 'packages/ui/lib'], { cwd: dir })).code).toBe(0)
  })

  it('seals the folders that --dir names, and prints only the report with --json', async () => {
    const command = `${(await builder('dist/pay.js', 'other/pay.js')).join(' ')} && echo built`
    const { code, stdout, stderr } = await run('--json', '--dir', 'dist', '--', command)
    expect(code).toBe(0)
    expect(JSON.parse(stdout).build.files).toMatchObject([{ outDir: 'dist', path: 'pay.js' }])
    expect(stderr).toContain('built\n')
    expect(await readdir(join(dir, 'other'))).toContain('pay.js.map')
  })

  it('adds nothing to a build that the plugin has sealed', async () => {
    const mapsealUrl = new URL('../../mapseal/src/esbuild.ts', import.meta.url).href
    await put(
      'tools/build.mjs',
      `import { build } from ${JSON.stringify(import.meta.resolve('esbuild'))}
       import mapseal from ${JSON.stringify(mapsealUrl)}
       await build({ entryPoints: ['src/pay.js'], outdir: 'dist', format: 'esm', plugins: [mapseal({ release: '1.4.0' })] })`,
    )
    const tsx = import.meta.resolve('tsx')
    const { code, stderr } = await run('--', 'node', '-C', 'mapseal-source', '--import', tsx, 'tools/build.mjs')
    expect(stderr.match(/\[mapseal\]/g)).toHaveLength(1)
    expect(code).toBe(0)
    expect(await readdir(join(dir, '.mapseal/builds'))).toHaveLength(1)
  })

  it('knows what a cache restored: nothing is recorded or delivered twice', async () => {
    await put(
      'mapseal.config.mjs',
      `import { appendFileSync } from 'node:fs'
       const deliver = async build => (appendFileSync('deliveries', build.id + '\\n'), { artifacts: build.files.length })
       export default { destinations: [{ name: 'mine', deliver }] }`,
    )
    const command = await builder('dist/pay.js')
    const first = await run('--', ...command)
    expect(first.code).toBe(0)
    expect(first.stderr).not.toContain('as from a cache')
    const again = await run('--', ...command)
    expect(again).toMatchObject({ code: 0, stderr: expect.stringContaining('equals that of build') })
    expect(await readdir(join(dir, '.mapseal/builds'))).toHaveLength(1)
    expect((await readFile(join(dir, 'deliveries'), 'utf8')).trim().split('\n')).toHaveLength(1)
    expect((await mapseal(['check', 'dist'], { cwd: dir })).code).toBe(0)
    await put('src/pay.js', `${source}export const more = 1\n`)
    expect((await run('--', ...command)).code).toBe(0)
    expect(await readdir(join(dir, '.mapseal/builds'))).toHaveLength(2)
  })

  it('ends with the exit code of the command, and seals nothing then', async () => {
    await builder('dist/pay.js')
    expect((await run('--', 'node tools/build.mjs && exit 7')).code).toBe(7)
    expect(await readdir(join(dir, 'dist'))).toContain('pay.js.map')
    expect((await run('--', 'node', '-e', 'process.kill(process.pid, "SIGTERM")')).code).toBe(143)
  })

  it.each([
    ['no such program', ['--', 'no-such-program'], 'no-such-program cannot be started'],
    ['no source map', ['--', 'node', '-e', '0'], 'The build wrote no source map below '],
    ['source maps beside the sources', ['--', 'node', '-e', 'fs.writeFileSync("a.js.map", "{}")'], 'Name its folders'],
    ['no command', ['--'], '<command> is missing.'],
  ])('fails for %s', async (_, args, message) => {
    const { code, stderr } = await run(...args)
    expect(stderr).toContain(message)
    expect(code).toBe(message.includes('missing') ? 2 : 1)
  })
})
