import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadConfig, withConfig } from '../src/config/config.ts'
import { compileTypeScript } from '../src/config/typescript.ts'

const modules = fileURLToPath(new URL('../../../node_modules', import.meta.url))
let dir: string
beforeEach(async () => {
  dir = await realpath(await mkdtemp(join(tmpdir(), 'config-')))
})
afterEach(() => rm(dir, { recursive: true }))

async function write(path: string, text: string): Promise<string> {
  await mkdir(dirname(join(dir, path)), { recursive: true })
  await writeFile(join(dir, path), text)
  return join(dir, path)
}

/** Lets the folder's own `name` be the one of this repository. */
async function install(name: string, folder = 'node_modules'): Promise<void> {
  await mkdir(join(dir, folder), { recursive: true })
  await symlink(join(modules, name), join(dir, folder, name))
}

/** Vite as pnpm lays it: what it brings is beside its real folder alone. */
async function installVite(...brought: string[]): Promise<void> {
  const store = 'node_modules/.pnpm/vite@8.0.0/node_modules'
  await write(`${store}/vite/package.json`, '{"name":"vite","version":"8.0.0"}')
  await symlink(join(dir, store, 'vite'), join(dir, 'node_modules/vite'))
  for (const name of brought) await install(name, store)
}

/** What `typescript` exports from version 7 on. */
async function installTypeScript7(): Promise<void> {
  const exported = 'exports.version = "7.0.2"; exports.versionMajorMinor = "7.0"'
  await write('node_modules/typescript/package.json', '{"type":"module","exports":{".":"./lib/version.cjs"}}')
  await write('node_modules/typescript/lib/version.cjs', exported)
}

describe('the config', () => {
  it('is empty where there is no file', async () => {
    expect(await loadConfig(dir)).toEqual({})
  })

  it.each(['mapseal.config.mjs', 'mapseal.config.js'])('is found: %s', async name => {
    await write('package.json', '{"type":"module"}')
    await write(name, 'export default { retain: 3 }')
    expect(await loadConfig(dir)).toEqual({ retain: 3 })
  })

  it('may be another file', async () => {
    await write('other.mjs', 'export default { retain: 4 }')
    expect(await loadConfig(dir, 'other.mjs')).toEqual({ retain: 4 })
  })

  it.each([
    ['absent.mjs', undefined, /absent\.mjs does not exist\. Name another file with --config\./],
    ['empty.mjs', 'export const a = 1', /empty\.mjs must export its options: export default/],
    ['number.mjs', 'export default 1', /number\.mjs must export its options/],
    ['broken.mjs', 'export default {', /\[mapseal\] \[config\] broken\.mjs failed: /],
    ['throws.mjs', 'throw new Error("no token")', /throws\.mjs failed: no token/],
  ])('is refused: %s', async (name, text, message) => {
    if (text !== undefined) await write(name, text)
    await expect(loadConfig(dir, name)).rejects.toThrow(message)
  })

  it('is refused with its name where an option is wrong', async () => {
    await write('mapseal.config.mjs', 'export default { retian: 3 }')
    const message = '[mapseal] [config] mapseal.config.mjs: There is no option "retian". Did you mean "retain"?'
    await expect(loadConfig(dir)).rejects.toThrow(message)
    expect(() => withConfig({}, dir)).toThrow(message)
  })

  it('may wait for something', async () => {
    await write('mapseal.config.mjs', 'export default await Promise.resolve({ retain: 3 })')
    expect(await loadConfig(dir)).toEqual({ retain: 3 })
  })

  it('may be CommonJS, or what a compiler made of a module', async () => {
    await write('mapseal.config.js', 'module.exports = { retain: 3 }')
    expect(await loadConfig(dir)).toEqual({ retain: 3 })
    await write('compiled.cjs', 'exports.__esModule = true\nexports.default = { retain: 4 }')
    expect(await loadConfig(dir, 'compiled.cjs')).toEqual({ retain: 4 })
  })
})

describe('the options of a plugin', () => {
  it('are those it was given where there is no file', () => {
    expect(withConfig({ retain: 3 }, dir)).toEqual({ retain: 3 })
    expect(withConfig(undefined, dir)).toEqual({})
  })

  it.each([
    ['mapseal.config.mjs', 'export default { retain: 3, release: "1.0.0" }'],
    ['mapseal.config.js', 'module.exports = { retain: 3, release: "1.0.0" }'],
    ['mapseal.config.js', 'export default { retain: 3, release: "1.0.0" }'],
  ])('go over those of the file: %s', async (name, text) => {
    await write(name, text)
    expect(withConfig({ release: '2.0.0', retain: undefined }, dir)).toEqual({ release: '2.0.0', retain: 3 })
    expect(withConfig(undefined, dir)).toEqual({ retain: 3, release: '1.0.0' })
  })

  it('are all there is where the plugin is switched off: the file is not run', async () => {
    await write('mapseal.config.mjs', 'throw new Error("no token")')
    expect(withConfig({ enabled: false }, dir)).toEqual({ enabled: false })
    expect(() => withConfig({}, dir)).toThrow('[mapseal] [config] mapseal.config.mjs failed: no token')
  })

  it.each([
    ['export const a = 1', 'must export its options: export default'],
    ['export default {', 'mapseal.config.mjs failed: '],
    ['export default await {}', 'mapseal.config.mjs uses top-level await, which a plugin cannot wait for.'],
  ])('cannot come from a file that says %j', async (text, message) => {
    await write('mapseal.config.mjs', text)
    expect(() => withConfig({}, dir)).toThrow(message)
  })

  it.each(['esbuild', 'rolldown', 'jiti', 'typescript'])('come from TypeScript, too: %s', async compiler => {
    await write('mapseal.config.ts', 'enum Keep { All = 5 }\nexport default { retain: Keep.All as number }')
    await install(compiler)
    expect(withConfig({}, dir)).toEqual({ retain: 5 })
    expect(await readdir(dir)).toEqual(['mapseal.config.ts', 'node_modules'])
  })
})

/** The default export through one of the compilers; no file may stay. */
async function readThrough(path: string, compilers?: string[]): Promise<unknown> {
  const { file, remove } = compileTypeScript(path, compilers)
  const module = await import(/* @vite-ignore */ file)
  remove()
  return module.default
}

describe('a config in TypeScript that Node cannot read', () => {
  const text =
    'import { retain } from "settings"\nenum Keep { All = "1.0.0" }\nexport default { retain: retain as number, release: Keep.All }\n'

  beforeEach(async () => {
    await write('node_modules/settings/package.json', '{"type":"module","exports":"./index.js"}')
    await write('node_modules/settings/index.js', 'export const retain = 5')
  })

  it.each(['esbuild', 'rolldown', 'jiti', 'typescript'])(
    'is read with the project’s own %s, which leaves no file',
    async compiler => {
      const path = await write('mapseal.config.ts', text)
      await install(compiler)
      expect(await readThrough(path, [compiler])).toEqual({ retain: 5, release: '1.0.0' })
      expect(await readdir(dir)).toEqual(['mapseal.config.ts', 'node_modules'])
    },
  )

  it.each(['rolldown', 'esbuild'])('is read with the %s of Vite, beside TypeScript 7', async compiler => {
    const path = await write('mapseal.config.ts', text)
    await installVite(compiler)
    await installTypeScript7()
    expect(await readThrough(path)).toEqual({ retain: 5, release: '1.0.0' })
  })

  it.each(['esbuild', 'rolldown', 'jiti'])('may import other TypeScript: %s', async compiler => {
    await write('shared.ts', 'export const vault: string = "../vault"')
    const path = await write('mapseal.config.ts', 'import { vault } from "./shared"\nexport default { vault }')
    await install(compiler)
    expect(await readThrough(path)).toEqual({ vault: '../vault' })
  })

  it.each([
    ['no compiler', async () => {}],
    ['TypeScript 7 alone', installTypeScript7],
    ['a Vite that brings none', installVite],
  ])('is refused where the project has %s', async (_, prepare) => {
    const path = await write('mapseal.config.ts', text)
    await prepare()
    await expect(readThrough(path)).rejects.toThrow(
      /cannot read mapseal\.config\.ts by itself\. Install esbuild, or rename it to mapseal\.config\.mjs\./,
    )
  })

  it('is met by the command as a user runs it', async () => {
    await write('mapseal.config.ts', text)
    await install('esbuild')
    // A process of its own: the test runner would compile TypeScript before Node sees it.
    const config = fileURLToPath(new URL('../src/config/config.ts', import.meta.url))
    const { buildSync } = await import('esbuild')
    buildSync({
      entryPoints: [config],
      outfile: join(dir, 'load.mjs'),
      bundle: true,
      format: 'esm',
      platform: 'node',
      conditions: ['mapseal-source'],
    })
    const script =
      'import { loadConfig } from "./load.mjs"; console.log(JSON.stringify(await loadConfig(process.cwd())))'
    const run = promisify(execFile)
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { cwd: dir })
    expect(JSON.parse(stdout)).toEqual({ retain: 5, release: '1.0.0' })
  })
})
