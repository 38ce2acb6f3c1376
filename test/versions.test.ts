/// <reference path="./matrix/toolchains.d.ts" />
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { loadTooOldRollup, loadTooOldVite, tooOldViteDir } from '@mapseal-test/oldest'
import rollupPlugin from 'mapseal/rollup'
import vitePlugin from 'mapseal/vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import manifest from '../packages/mapseal/package.json' with { type: 'json' }
import { floors, requireVersion } from '../packages/mapseal/src/versions.ts'

describe('a version', () => {
  test.each([
    ['Node.js', '18.20.0'],
    ['Node.js', '20.18.3'],
    ['Node.js', '22.11.0'],
    ['Node.js', '21.9.0'],
    ['Vite', '4.5.14'],
    ['Rollup', '3.28.1'],
    ['Rolldown', '0.15.1'],
    ['webpack', '5.74.0'],
    ['webpack', '4'],
    ['Rspack', '0.7.5'],
    ['esbuild', '0.18.20'],
  ])('%s %s is too old', (tool, version) => {
    expect(() => requireVersion(tool, version)).toThrow(`${tool} ${version} is too old. Upgrade to`)
  })

  test.each([
    ['Node.js', '20.19.0'],
    ['Node.js', '22.12.0'],
    ['Node.js', '24.0.0'],
    ['Vite', '5.0.0'],
    ['Vite', '8.3.8'],
    ['Rollup', '3.29.0'],
    ['Rollup', '4.0.0'],
    ['Rolldown', '1.3.2'],
    ['webpack', '5.75.0'],
    ['Rspack', '1.0.0'],
    ['esbuild', '0.19.0'],
    ['esbuild', '1.0.0'],
  ])('%s %s is fine', (tool, version) => {
    expect(() => requireVersion(tool, version)).not.toThrow()
  })
})

describe('a build with a tool that is too old', () => {
  let scratch: string
  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'mapseal-versions-'))
  })
  afterAll(() => rm(scratch, { recursive: true }))

  async function createProject(name: string): Promise<{ root: string; input: string }> {
    const root = join(scratch, name)
    const input = join(root, 'main.js')
    await mkdir(root)
    await writeFile(join(root, 'package.json'), '{ "private": true }\n')
    await writeFile(input, 'console.log(1)\n')
    return { root, input }
  }

  /** The first lines of what Vite prints, and of what the build throws. */
  async function buildWithVite({ root, input }: { root: string; input: string }): Promise<string[]> {
    const printed: string[] = []
    const print = (text: string) => void printed.push(text)
    const quiet = { info() {}, clearScreen() {}, hasWarned: false, hasErrorLogged: () => false }
    const { build } = await loadTooOldVite()
    const building = build({
      root,
      configFile: false,
      customLogger: { ...quiet, warn: print, warnOnce: print, error: print },
      plugins: [vitePlugin()],
      build: { rollupOptions: { input } },
    })
    const thrown = await building.then(
      () => 'nothing',
      error => String(error.message),
    )
    return [...printed, thrown].map(text => stripVTControlCharacters(text).split('\n')[0] ?? '')
  }

  test('names the version of Vite that the project has, and Mapseal once', async () => {
    const project = await createProject('installed')
    await mkdir(join(project.root, 'node_modules'))
    await symlink(tooOldViteDir, join(project.root, 'node_modules/vite'))
    const lines = await buildWithVite(project)
    const sentence = /Vite 4\.\d+\.\d+ is too old\. Upgrade to 5\.0 or newer\.$/
    expect(lines).toEqual([expect.stringMatching(sentence), expect.stringMatching(sentence)])
    expect(lines.join().match(/\[mapseal\]/g)).toHaveLength(lines.length)
  })

  test('names the version of Rollup where Vite is installed elsewhere', async () => {
    const lines = await buildWithVite(await createProject('elsewhere'))
    expect(lines.at(-1)).toMatch(/Vite with Rollup 3\.\d+\.\d+ is too old\. Upgrade to 5\.0 or newer\.$/)
  })

  test('names the version of Rollup', async () => {
    const { input } = await createProject('rollup')
    const { rollup } = await loadTooOldRollup()
    const building = rollup({ input, plugins: rollupPlugin() })
    await expect(building).rejects.toThrow(/Rollup 2\.\d+\.\d+ is too old\. Upgrade to 3\.29 or newer\.$/)
  })
})

describe('what is written down agrees with what is required', () => {
  const packages = {
    Vite: 'vite',
    Rollup: 'rollup',
    Rolldown: 'rolldown',
    webpack: 'webpack',
    Rspack: '@rspack/core',
    esbuild: 'esbuild',
  } as const
  const tools = Object.entries(packages).map(([tool, name]) => ({ tool, name, floor: floors[tool]?.[0] ?? [0, 0] }))

  test.each(tools)('the peer range of $name', ({ name, floor }) => {
    const [, major, minor = '0'] = /^(?:>=|\^)(\d+)(?:\.(\d+))?/.exec(manifest.peerDependencies[name]) ?? []
    expect([Number(major), Number(minor)]).toEqual(floor)
  })

  test.each(tools)('the table in docs/bundlers.md for $tool', async ({ tool, floor }) => {
    const docs = await readFile(join(import.meta.dirname, '../docs/bundlers.md'), 'utf8')
    const [, oldest] = new RegExp(`^\\| ${tool} +\\| ([\\d.]+) +\\|`, 'm').exec(docs) ?? []
    expect(oldest).toBe(floor.join('.'))
  })

  test.each(tools)('the table in README.md for $tool', async ({ tool, floor: [major, minor] }) => {
    const readme = await readFile(join(import.meta.dirname, '../README.md'), 'utf8')
    const [, oldest] = new RegExp(`^\\| ${tool} ([\\d.]+)`, 'm').exec(readme) ?? []
    expect(oldest).toBe(minor === 0 ? String(major) : `${major}.${minor}`)
  })
})
