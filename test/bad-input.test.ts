import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { resolveOptions } from '@mapseal/core'
import { sealFolder } from '@mapseal/core/folder'
import * as esbuild from 'esbuild'
import esbuildPlugin from 'mapseal/esbuild'
import rollupPlugin from 'mapseal/rollup'
import vitePlugin from 'mapseal/vite'
import webpackPlugin from 'mapseal/webpack'
import { rollup } from 'rollup'
import { build as viteBuild } from 'vite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import webpack from 'webpack'
import { isMap, readFolder } from './matrix/files.ts'

let dir: string
let lines: string[]
const logger = {
  info: (line: string) => void lines.push(line),
  warn: (line: string) => void lines.push(line),
  error: (line: string) => void lines.push(line),
}
beforeEach(async () => {
  lines = []
  await mkdir(join(import.meta.dirname, '.tmp'), { recursive: true })
  dir = await mkdtemp(join(import.meta.dirname, '.tmp/bad-'))
  await mkdir(join(dir, 'src'))
  await writeFile(join(dir, 'package.json'), '{}')
  process.chdir(dir)
  await writeFile(join(dir, 'src/main.js'), 'export const answer = 42\nconsole.log(answer)\n')
})
const cwd = process.cwd()
afterEach(async () => {
  process.chdir(cwd)
  await rm(dir, { recursive: true })
})

const outDir = () => join(dir, 'dist')
const input = () => join(dir, 'src/main.js')
const maps = async () => [...(await readFolder(outDir())).keys()].filter(isMap)

/** Each builds `src/main.js` into `dist`, with the vault in `vault`. */
const builds = {
  async vite(vault: string, to = outDir()) {
    const rollupOptions = { input: input() }
    const build = { outDir: to, emptyOutDir: false, rollupOptions }
    await viteBuild({
      root: dir,
      configFile: false,
      logLevel: 'silent',
      build,
      plugins: [vitePlugin({ vault, logger })],
    })
  },
  async rollup(vault: string, to = outDir()) {
    const bundle = await rollup({ input: input(), plugins: [rollupPlugin({ vault, logger })] })
    try {
      await bundle.write({ dir: to })
    } finally {
      await bundle.close()
    }
  },
  async webpack(vault: string, to = outDir()) {
    const plugins = [webpackPlugin({ vault, logger })]
    const compiler = webpack({ mode: 'production', context: dir, entry: input(), output: { path: to }, plugins })
    await new Promise<void>((done, fail) => {
      compiler.run((error, stats) => {
        compiler.close(() => {
          if (error ?? stats?.hasErrors()) fail(error ?? new Error(stats?.toString('errors-only')))
          else done()
        })
      })
    })
  },
  async esbuild(vault: string, to = outDir()) {
    const plugins = [esbuildPlugin({ vault, logger })]
    await esbuild.build({ absWorkingDir: dir, entryPoints: [input()], outdir: to, logLevel: 'silent', plugins })
  },
}

describe.each(Object.entries(builds))('%s', (name, build) => {
  test('a vault that cannot be written fails the build, and no map is lost or public', async () => {
    await writeFile(join(dir, 'file'), '')
    await expect(build(join(dir, 'file/vault'))).rejects.toThrow(/file\/vault cannot be written: .*Make room/)
    if (name === 'esbuild') expect(await maps()).toEqual(['main.js.map'])
    else expect([...(await readFolder(outDir())).keys()]).toEqual([])
  })

  test('a vault in the output folder, which becomes public, is refused before anything is in it', async () => {
    await expect(build(join(dir, 'dist/kept'))).rejects.toThrow(
      /The vault dist\/kept lies in dist, which becomes public, and it holds your source\. Name a folder outside of it/,
    )
    expect([...(await readFolder(outDir())).keys()].filter(path => path.startsWith('kept'))).toEqual([])
  })

  test('an output folder that is the project itself: only the build’s own files are sealed', async () => {
    await writeFile(join(dir, 'mine.js'), 'mine()\n//# sourceMappingURL=mine.js.map')
    await writeFile(join(dir, 'mine.js.map'), '{"version":3}')
    await build(join(dir, 'vault'), dir)
    expect(await readFile(join(dir, 'mine.js'), 'utf8')).toBe('mine()\n//# sourceMappingURL=mine.js.map')
    expect([...(await readFolder(dir)).keys()].filter(isMap)).toEqual(['mine.js.map'])
  })

  test('the environment, the listeners and the working folder stay as they were', async () => {
    const state = () => ({
      env: { ...process.env },
      cwd: process.cwd(),
      listeners: process.eventNames().map(event => [event, process.listenerCount(event)]),
    })
    await build(join(dir, 'vault')) // The bundler's own first-time listeners are not ours.
    const before = state()
    await build(join(dir, 'vault'))
    expect(state()).toEqual(before)
  })
})

test('vite: a vault in the public folder, which is copied into the output, is refused', async () => {
  await expect(builds.vite(join(dir, 'public/kept'))).rejects.toThrow(
    /public\/kept lies in public, which becomes public/,
  )
})

describe('seal', () => {
  const seal = (options = {}) => sealFolder('dist', { vault: 'vault', logger, ...options }, dir)

  test.each(['missing', 'package.json'])('not a folder: %s', async name => {
    await expect(sealFolder(name, { logger }, dir)).rejects.toThrow(`${name} is not a folder. Name the folder`)
  })

  test('links out of the folder are not followed', async () => {
    await mkdir(outDir())
    await symlink(join(dir, 'src'), join(outDir(), 'linked'))
    await writeFile(join(dir, 'src/main.js.map'), '{"version":3,"mappings":""}')
    await seal()
    expect(await readFile(input(), 'utf8')).not.toContain('debugId')
    expect(await readFile(join(dir, 'src/main.js.map'), 'utf8')).toBe('{"version":3,"mappings":""}')
  })

  test('a map outside the folder is read and left', async () => {
    await mkdir(outDir())
    await writeFile(join(dir, 'main.js.map'), '{"version":3,"sources":["a"],"names":[],"mappings":"AAAA"}')
    await writeFile(join(outDir(), 'main.js'), 'run()\n//# sourceMappingURL=../main.js.map')
    expect(await seal()).toMatchObject({ scripts: 1, decodable: 1, leaks: [] })
    expect(await readFile(join(dir, 'main.js.map'), 'utf8')).toContain('AAAA')
  })

  test('a malformed map: the script is sealed, the map kept, and both are reported', async () => {
    await mkdir(outDir())
    await writeFile(join(outDir(), 'main.js'), 'run()\n//# sourceMappingURL=main.js.map')
    await writeFile(join(outDir(), 'main.js.map'), '{"version":3,"mappings":"AAA')
    const report = await seal()
    expect(report).toMatchObject({ scripts: 1, decodable: 0, leaks: [] })
    expect(report.build.files[0]?.map).toBeDefined()
    expect(lines.join('\n')).toMatch(/0 of 1 script can be decoded \(its source map is malformed/)
    expect(await maps()).toEqual([])
    expect(await readFile(join(outDir(), 'main.js'), 'utf8')).toMatch(/debugId=/)
  })

  test('a vault that cannot be written leaves every file as it was', async () => {
    await mkdir(outDir())
    await writeFile(join(outDir(), 'main.js'), 'run()\n//# sourceMappingURL=main.js.map')
    await writeFile(join(outDir(), 'main.js.map'), '{"version":3,"mappings":""}')
    await cp(outDir(), join(dir, 'copy'), { recursive: true })
    await writeFile(join(dir, 'file'), '')
    await expect(seal({ vault: 'file/vault' })).rejects.toThrow(/cannot be written/)
    expect(await readFolder(outDir())).toEqual(await readFolder(join(dir, 'copy')))
  })

  test('a second run changes nothing and still knows the maps', async () => {
    await mkdir(outDir())
    await writeFile(join(outDir(), 'main.js'), 'run()')
    await writeFile(join(outDir(), 'main.js.map'), '{"version":3,"sources":["a"],"names":[],"mappings":"AAAA"}')
    await seal()
    const once = await readFolder(outDir())
    expect(await seal()).toMatchObject({ scripts: 1, decodable: 1 })
    expect(await readFolder(outDir())).toEqual(once)
  })
})

test('options are checked when the plugin is made, before anything is built', () => {
  expect(() => vitePlugin({ destination: [] } as never)).toThrow(/Did you mean "destinations"/)
  expect(resolveOptions({}).enabled).toBe(true)
})
