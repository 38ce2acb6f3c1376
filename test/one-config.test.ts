import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { openVault } from '@mapseal/core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { mapseal, type Outcome, runNode } from './support/command.ts'

/** `mapseal()` reads `mapseal.config.*` as the commands do, also where a bundler's config is CommonJS. */

const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href

let dir: string
beforeEach(async () => {
  await mkdir(join(import.meta.dirname, '.tmp'), { recursive: true })
  dir = await mkdtemp(join(import.meta.dirname, '.tmp/one-config-'))
  await mkdir(join(dir, 'src'))
  await writeFile(join(dir, 'package.json'), '{}')
  await writeFile(join(dir, 'src/main.js'), 'console.log(1)')
  await writeFile(join(dir, 'index.html'), '<script type="module" src="/src/main.js"></script>')
})
afterEach(() => rm(dir, { recursive: true }))

const destination = "{ name: 'mine', deliver: async () => ({ artifacts: 1 }) }"
const config = `export default { release: '7.0.0', vault: 'kept', destinations: [${destination}] }`

const builds: Record<string, [file: string, text: string]> = {
  'webpack in CommonJS': [
    'build.cjs',
    `const mapseal = require('mapseal/webpack')
require('webpack')({ mode: 'production', context: __dirname, entry: './src/main.js', plugins: [mapseal(OPTIONS)] }, (error, stats) => {
  if (error || stats.hasErrors()) throw error ?? stats.toString()
})`,
  ],
  esbuild: [
    'build.mjs',
    `import { build } from 'esbuild'
import mapseal from 'mapseal/esbuild'
await build({ entryPoints: ['src/main.js'], bundle: true, outdir: 'dist', plugins: [mapseal(OPTIONS)] })`,
  ],
  Vite: [
    'build.mjs',
    `import mapseal from 'mapseal/vite'
import { build } from 'vite'
await build({ configFile: false, logLevel: 'warn', plugins: [mapseal(OPTIONS)] })`,
  ],
}

async function build(bundler: string, options = ''): Promise<Outcome> {
  const [file, text] = builds[bundler] as [string, string]
  await writeFile(join(dir, file), text.replace('OPTIONS', options))
  return runNode(['-C', 'mapseal-source', '--import', loader, file], { cwd: dir, env: { CI: 'true' } })
}

test.each(Object.keys(builds))(
  '%s: a plugin without options has those of the file',
  async bundler => {
    await writeFile(join(dir, 'mapseal.config.mjs'), config)
    const { code, stderr } = await build(bundler)
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(/ decodable · release 7\.0\.0 · delivered to mine/),
    })
    const [record] = await openVault('kept', dir).records()
    expect(record).toMatchObject({ release: { name: '7.0.0' }, deliveries: { mine: { state: 'delivered' } } })
    expect(await mapseal(['flush'], { cwd: dir })).toMatchObject({
      code: 0,
      stdout: 'The builds in kept have no pending deliveries.\n',
    })
  },
  60_000,
)

test.each(Object.keys(builds))(
  '%s: an option of the plugin goes over that of the file',
  async bundler => {
    await writeFile(join(dir, 'mapseal.config.mjs'), config)
    const { stderr } = await build(bundler, "{ release: '8.0.0' }")
    expect(stderr).toMatch(/release 8\.0\.0 · delivered to mine/)
  },
  60_000,
)

test.each(Object.keys(builds))(
  '%s: a wrong option fails the build, and says which file has it',
  async bundler => {
    await writeFile(join(dir, 'mapseal.config.mjs'), "export default { relase: '7.0.0' }")
    const { code, stderr } = await build(bundler)
    expect(code).toBe(1)
    expect(stderr).toContain(
      '[mapseal] [config] mapseal.config.mjs: There is no option "relase". Did you mean "release"?',
    )
  },
  60_000,
)
