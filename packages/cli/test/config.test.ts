import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadConfig } from '../src/config.ts'
import { importTypeScript } from '../src/config-typescript.ts'

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
})

describe('a config in TypeScript that Node cannot read', () => {
  const text =
    'import { retain } from "settings"\nenum Keep { All = 1 }\nexport default { retain: retain as number, keep: Keep.All }\n'

  beforeEach(async () => {
    await write('node_modules/settings/package.json', '{"type":"module","exports":"./index.js"}')
    await write('node_modules/settings/index.js', 'export const retain = 5')
  })

  it.each(['esbuild', 'rolldown', 'jiti', 'typescript'])(
    'is read with the project’s own %s, which leaves no file',
    async compiler => {
      const path = await write('mapseal.config.ts', text)
      await install(compiler)
      expect(await importTypeScript(path, [compiler])).toEqual({ retain: 5, keep: 1 })
      expect(await readdir(dir)).toEqual(['mapseal.config.ts', 'node_modules'])
    },
  )

  it.each(['rolldown', 'esbuild'])('is read with the %s of Vite, beside TypeScript 7', async compiler => {
    const path = await write('mapseal.config.ts', text)
    await installVite(compiler)
    await installTypeScript7()
    expect(await importTypeScript(path)).toEqual({ retain: 5, keep: 1 })
  })

  it.each(['esbuild', 'rolldown', 'jiti'])('may import other TypeScript: %s', async compiler => {
    await write('shared.ts', 'export const vault: string = "../vault"')
    const path = await write('mapseal.config.ts', 'import { vault } from "./shared"\nexport default { vault }')
    await install(compiler)
    expect(await importTypeScript(path)).toEqual({ vault: '../vault' })
  })

  it.each([
    ['no compiler', async () => {}],
    ['TypeScript 7 alone', installTypeScript7],
    ['a Vite that brings none', installVite],
  ])('is refused where the project has %s', async (_, prepare) => {
    const path = await write('mapseal.config.ts', text)
    await prepare()
    await expect(importTypeScript(path)).rejects.toThrow(
      /cannot read mapseal\.config\.ts by itself\. Install esbuild, or rename it to mapseal\.config\.mjs\./,
    )
  })

  it('is met by the command as a user runs it', async () => {
    await write('mapseal.config.ts', text)
    await install('esbuild')
    // A process of its own: the test runner would compile TypeScript before Node sees it.
    const config = fileURLToPath(new URL('../src/config.ts', import.meta.url))
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
    expect(JSON.parse(stdout)).toEqual({ retain: 5, keep: 1 })
  })
})
