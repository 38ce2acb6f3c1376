import { readFileSync, writeFileSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { vite as vite7 } from '@mapseal-test/vite7'
import type { OutputFile, PluginBuild } from 'esbuild'
import { compress } from 'esbuild-plugin-compress'
import obfuscator from 'javascript-obfuscator'
import * as vite8 from 'vite'
import { compression } from 'vite-plugin-compression2'
import { describe, expect, test } from 'vitest'
import webpack, { type Compiler } from 'webpack'
import WebpackObfuscator from 'webpack-obfuscator'
import { runNode } from '../support/command.ts'
import {
  type Built,
  buildEsbuild,
  buildRollup,
  buildRspack,
  buildVite,
  buildWebpack,
  differences,
  listed,
  originalOf,
  place,
  places,
  stacksIn,
  thrownInNode,
} from './cases.ts'

/** Other plugins change scripts at every moment there is: each stack then leads to its line, or the build says it does not. */

const lines = ['main.js:7', 'lazy.js:6']

describe.each([
  ['Vite 8', vite8],
  ['Vite 7', vite7],
] as const)('%s', (_, vite) => {
  test.each(places)('vite-plugin-compression2 %s ours wraps a hook of Vite, and deletes the originals', async where => {
    const other = compression({
      algorithms: ['gzip'],
      deleteOriginalAssets: true,
      exclude: /\.html$/,
      logLevel: 'silent',
    })
    const built = await buildVite(vite, await place(), listed(where, other))
    expect(built.failure).toBeUndefined()
    expect(Object.keys(built.files).filter(name => /\.(?:map|js)$/.test(name))).toEqual([])
    expect(built.report).toMatchObject({ scripts: 3, decodable: 3, leaks: [] })
    expect(built.report?.build.files.map(({ fate }) => fate)).toEqual(['compressed', 'compressed', 'compressed'])
    expect(differences(built).sort()).toEqual([
      '+ assets/index.js.gz',
      '+ assets/lazy.js.gz',
      '+ assets/release.js.gz',
      '- assets/index.js.gz',
      // Without us it is too small for a compressed copy.
      '- assets/lazy.js',
      '~ index.html',
    ])
    await unpack(built)
    expect(await stacksIn(built)).toEqual({ byId: lines, byUrl: lines })
  })
})

describe.each([
  ['Vite 8', vite8],
  ['Vite 7', vite7],
] as const)('%s', (_, vite) => {
  test('a plugin obfuscates scripts without a map, and Vite makes maps anew: the build says which do not decode', async () => {
    const other = {
      name: 'obfuscate',
      generateBundle(_: unknown, bundle: Record<string, { type: string; code: string }>) {
        for (const file of Object.values(bundle))
          if (file.type === 'chunk')
            file.code = obfuscator.obfuscate(file.code, { seed: 1, stringArray: false }).getObfuscatedCode()
      },
    }
    // With a style sheet of its own, Vite puts a line before the entry.
    const dir = await place({ 'src/lazy.css': 'p { color: red }' })
    const lazy = join(dir, 'src/lazy.js')
    await writeFile(lazy, `${await readFile(lazy, 'utf8')}import './lazy.css'\n`)
    const built = await buildVite(vite, dir, ours => [other, ...ours])
    expect(built.files[Object.keys(built.files).find(name => /index.*js$/.test(name)) as string]).toContain('mapDeps')
    expect(built.report).toMatchObject({ scripts: 3, decodable: 1, leaks: [] })
    expect(built.lines.join('\n')).toContain('2 files cannot be decoded: another tool rewrote it')
    const frames = lines.map(() => expect.stringMatching(/^unread: another tool rewrote it/))
    expect(await stacksIn(built)).toEqual({ byId: frames, byUrl: frames })
  })
})

async function unpack({ outDir, files }: Built): Promise<void> {
  for (const name of Object.keys(files).filter(name => name.endsWith('.gz'))) {
    const path = join(outDir, name)
    await writeFile(path.slice(0, -3), gunzipSync(await readFile(path)))
    await rm(path)
  }
}

const shared = `// a comment
export const shared = name => \`shared-\${name}\`
// another
export function boom() {
  throw new Error('boom-shared')
}
`

/** Puts lines before each script of a folder. */
async function prefix(dir: string): Promise<void> {
  for (const name of await readdir(dir))
    if (name.endsWith('.js'))
      await writeFile(join(dir, name), `/* a\n line */ ${await readFile(join(dir, name), 'utf8')}`)
}

describe.each(['rollup', 'rolldown'] as const)('%s', bundler => {
  test.each(places)('a plugin %s ours changes files in the last closeBundle', async where => {
    const dir = await place({ 'src/shared.js': shared })
    let outDir = ''
    const other = {
      name: 'late',
      writeBundle: (output: { dir: string }) => {
        outDir = output.dir
      },
      closeBundle: { order: 'post', sequential: true, handler: () => prefix(outDir) },
    }
    const built = await buildRollup(bundler, dir, listed(where, other))
    expect(built.report).toMatchObject({ scripts: 1, decodable: 1 })
    expect(built.files['shared.js']).toMatch(/^\/\* a\n/)
    expect(await originalOf(built, 'shared.js', 'boom-shared')).toBe('shared.js:5')
  })

  test.each(places)('a plugin %s ours makes a script with a header, and leaves the original', async where => {
    const dir = await place({ 'src/shared.js': shared })
    const other = {
      name: 'user-script',
      async writeBundle(output: { dir: string }) {
        const code = await readFile(join(output.dir, 'shared.js'), 'utf8')
        await writeFile(join(output.dir, 'shared.user.js'), `// ==UserScript==\n// ==/UserScript==\n\n${code}`)
      },
    }
    const built = await buildRollup(bundler, dir, listed(where, other))
    expect(built.report).toMatchObject({ scripts: 2, decodable: 2 })
    expect(await originalOf(built, 'shared.js', 'boom-shared')).toBe('shared.js:5')
    expect(await originalOf(built, 'shared.user.js', 'boom-shared')).toBe('shared.js:5')
  })
})

describe.each([
  ['webpack', buildWebpack],
  ['Rspack', buildRspack],
] as const)('%s', (bundler, build) => {
  /** Puts lines around each script at a stage. */
  const wrapping = (stage: number) => ({
    apply: ({ hooks, webpack: { sources } }: Compiler) =>
      hooks.thisCompilation.tap('wrap', compilation =>
        compilation.hooks.processAssets.tap({ name: 'wrap', stage }, () => {
          for (const { name } of compilation.getAssets().filter(({ name }) => name.endsWith('.js')))
            compilation.updateAsset(name, source => new sources.ConcatSource('/* a */\n', source, '\n;var behind = 1'))
        }),
      ),
  })
  const { Compilation } = webpack
  const stages = {
    'right after source maps': Compilation.PROCESS_ASSETS_STAGE_DEV_TOOLING + 50,
    'after hashes': Compilation.PROCESS_ASSETS_STAGE_OPTIMIZE_HASH + 1,
    'at the end': Compilation.PROCESS_ASSETS_STAGE_REPORT,
  }

  test.each(Object.entries(stages).flatMap(([when, stage]) => places.map(where => [where, when, stage] as const)))(
    'a plugin %s ours puts lines around scripts %s',
    async (where, _, stage) => {
      const built = await build(await place(), listed(where, wrapping(stage)))
      expect(built.failure).toBeUndefined()
      expect(built.report).toMatchObject({ scripts: 2, decodable: 2, leaks: [] })
      expect(built.files['main.js']).toMatch(/^\/\* a \*\/\n(?:.|\n)*\/\/# debugId=\S+\n$/)
      expect(await thrownInNode(built)).toEqual(lines)
    },
  )

  test.each(places)('a plugin %s ours changes files when all is done', async where => {
    const late = {
      apply: (compiler: Compiler) =>
        compiler.hooks.done.tapPromise('late', () => prefix(compiler.options.output.path as string)),
    }
    const built = await build(await place(), listed(where, late))
    expect(built.report).toMatchObject({ scripts: 2, decodable: 2 })
    expect(await thrownInNode(built)).toEqual(lines)
  })

  test.each(places)('webpack-obfuscator %s ours leaves no map: the build says so', async where => {
    const built = await build(await place(), listed(where, new WebpackObfuscator({ seed: 1 })))
    expect(built.report).toMatchObject({ scripts: 2, decodable: 0, leaks: [] })
    // On Rspack, source maps are made before plugins have their turn.
    const reason =
      bundler === 'webpack' ? 'the bundler made no source map' : 'changed it after its source map had been made'
    expect(built.lines.join('\n')).toContain(reason)
    expect(await thrownInNode(built)).toEqual(lines.map(() => expect.stringMatching(/^unread: /)))
  })
})

describe('esbuild', () => {
  const scripts = ({ metafile }: { metafile?: { outputs: object } }) =>
    Object.keys(metafile?.outputs ?? {}).filter(name => name.endsWith('.js'))

  test.each(places)('a plugin %s ours changes files on the disk', async where => {
    const dir = await place()
    const other = {
      name: 'disk',
      setup: (build: PluginBuild) =>
        build.onEnd(async result => {
          const [folder] = new Set(scripts(result).map(name => dirname(join(dir, name))))
          await prefix(folder as string)
        }),
    }
    const built = await buildEsbuild(dir, listed(where, other), { chunkNames: '[name]', minify: true })
    expect(built.files['main.js']).toMatch(/^\/\* a\n/)
    expect(differences(built)).toEqual([])
    const isAfter = where === 'after'
    expect(built.report).toMatchObject({ scripts: 3, decodable: isAfter ? 3 : 0, leaks: [] })
    expect(await originalOf(built, 'main.js', 'boom-main')).toEqual(
      isAfter ? 'main.js:7' : expect.stringContaining('list mapseal() before'),
    )
  })

  test.each(places)(
    'esbuild-plugin-compress %s ours: copies are of sealed scripts, and none of a map stays',
    async where => {
      const config = { chunkNames: '[name]', minify: true, write: false }
      const built = await buildEsbuild(await place(), listed(where, compress()), config)
      const copies = Object.keys(built.files).filter(name => /\.(?:gz|br)$/.test(name))
      expect(copies.filter(name => name.endsWith('.gz'))).toEqual([
        'chunk.js.gz',
        'lazy.js.gz',
        'main.css.gz',
        'main.js.gz',
      ])
      expect(copies).toHaveLength(8)
      for (const copy of copies) {
        const unpack = copy.endsWith('.gz') ? gunzipSync : brotliDecompressSync
        expect(`${unpack(await readFile(join(built.outDir, copy)))}`).toBe(built.files[copy.slice(0, -3)])
      }
      expect(built.report).toMatchObject({ scripts: 3, decodable: 3, leaks: [] })
    },
  )

  test.each([
    ['and waits for nothing', ''],
    ['and the process is ended at once', 'await setTimeout(1500); process.exit()'],
  ])('a plugin before ours writes the files and compressed copies itself, %s', async (_, end) => {
    const dir = await place()
    const script = `
      import { mkdir, writeFile } from 'node:fs/promises'
      import { setTimeout } from 'node:timers/promises'
      import { gzipSync } from 'node:zlib'
      import { build } from 'esbuild'
      import mapseal from 'mapseal/esbuild'
      const write = async ({ path, contents }) => {
        await setTimeout(500)
        await mkdir('dist', { recursive: true })
        await writeFile(path, contents)
        await writeFile(path + '.gz', gzipSync(contents))
      }
      const other = { name: 'write', setup: build => build.onEnd(({ outputFiles }) => void outputFiles.forEach(write)) }
      await build({ entryPoints: ['src/main.js'], bundle: true, format: 'esm', outdir: 'dist', write: false,
        plugins: [other, mapseal({ vault: 'vault', onError: 'fail' })] })
      ${end}`
    const args = [
      '-C',
      'mapseal-source',
      '--import',
      import.meta.resolve('tsx'),
      '--input-type=module',
      '--eval',
      script,
    ]
    const { code, stderr } = await runNode(args, { cwd: dir })
    expect((await readdir(join(dir, 'dist'))).sort()).toEqual(['main.css', 'main.css.gz', 'main.js', 'main.js.gz'])
    expect(code).toBe(1)
    expect(stderr).toContain(
      '[mapseal] [scan] After the build, another plugin wrote 4 source maps, which were removed, and 1 script without its ID. List mapseal() before that plugin.',
    )
  })

  test.each(places)('a plugin %s ours writes the files itself, with a banner', async where => {
    const dir = await place()
    const write = async ({ path, contents, text }: OutputFile) => {
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, path.endsWith('.js') ? `/* ${basename(path)}\n */ ${text}` : contents)
    }
    const other = {
      name: 'write',
      setup(build: PluginBuild) {
        build.initialOptions.write = false
        build.onEnd(async ({ outputFiles }) => void (await Promise.all(outputFiles?.map(write) ?? [])))
      },
    }
    const built = await buildEsbuild(dir, listed(where, other), { chunkNames: '[name]', minify: true })
    expect(Object.keys(built.files).filter(name => name.endsWith('.map'))).toEqual([])
    expect(built.report).toMatchObject({ scripts: 3, decodable: 3, leaks: [] })
    expect(await originalOf(built, 'main.js', 'boom-main')).toBe('main.js:7')
    expect(await originalOf(built, 'lazy.js', 'boom-lazy')).toBe('lazy.js:6')
  })

  test.each(places)('a plugin %s ours deletes the source maps', async where => {
    const dir = await place()
    const other = {
      name: 'clean',
      setup: (build: PluginBuild) =>
        build.onEnd(async ({ metafile }) => {
          const maps = Object.keys(metafile?.outputs ?? {}).filter(name => name.endsWith('.map'))
          for (const map of maps) await rm(join(dir, map), { force: true })
        }),
    }
    const built = await buildEsbuild(dir, listed(where, other), { chunkNames: '[name]' })
    expect(built.failure).toBeUndefined()
    const isAfter = where === 'after'
    expect(built.report).toMatchObject({ scripts: 3, decodable: isAfter ? 3 : 0, leaks: [] })
    expect(await originalOf(built, 'main.js', 'boom-main')).toEqual(
      isAfter ? 'main.js:7' : expect.stringMatching(/deleted its source map.*list mapseal\(\) before/),
    )
    expect(built.lines.some(line => line.includes('plugins that change or delete'))).toBe(!isAfter)
  })

  test('a plugin before ours deletes a style sheet that it has put into a script', async () => {
    const dir = await place()
    const other = {
      name: 'css',
      setup: (build: PluginBuild) => build.onEnd(() => rm(join(dir, build.initialOptions.outdir ?? '', 'main.css'))),
    }
    const built = await buildEsbuild(dir, listed('before', other), { chunkNames: '[name]' })
    expect(built.failure).toBeUndefined()
    expect(built.report).toMatchObject({ scripts: 3, decodable: 3, leaks: [] })
    expect(differences(built)).toEqual([])
  })

  test('a plugin before ours writes the files into another folder: the build says so', async () => {
    const write = async ({ path, contents }: OutputFile) => {
      await mkdir(join(dirname(path), 'pub'), { recursive: true })
      await writeFile(join(dirname(path), 'pub', basename(path)), contents)
    }
    const other = {
      name: 'write',
      setup: (build: PluginBuild) =>
        build.onEnd(async ({ outputFiles }) => void (await Promise.all(outputFiles?.map(write) ?? []))),
    }
    const built = await buildEsbuild(await place(), listed('before', other), { chunkNames: '[name]', write: false })
    expect(built.failure?.message).toContain('dist/pub/main.js.map still reveals source')
    expect(built.report).toMatchObject({ decodable: 0 })
    expect(await originalOf(built, 'pub/main.js', 'boom-main')).toContain('list mapseal() before that plugin')
  })

  test('a plugin after ours writes other text of the same size at once', async () => {
    const other = {
      name: 'same-size',
      setup: (build: PluginBuild) =>
        build.onEnd(result => {
          for (const file of scripts(result).map(name => join(build.initialOptions.absWorkingDir as string, name)))
            writeFileSync(file, readFileSync(file, 'utf8').replaceAll('boom-', 'BOOM-'))
        }),
    }
    const built = await buildEsbuild(await place(), listed('after', other), { chunkNames: '[name]', minify: true })
    expect(built.report).toMatchObject({ scripts: 3, decodable: 3 })
    expect(built.report?.build.files.filter(({ fate }) => fate === 'shifted').map(({ path }) => path)).toContain(
      'main.js',
    )
    expect(await originalOf(built, 'main.js', 'BOOM-main')).toBe('main.js:7')
  })

  test("a comment at the end of the user's footer stays as it is", async () => {
    const footer = { js: '//# sourceURL=app.js' }
    const built = await buildEsbuild(await place(), ours => ours, { chunkNames: '[name]', footer })
    expect(built.files['main.js']).toMatch(/\n\/\/# sourceURL=app\.js\n/)
    expect(differences(built)).toEqual([])
    expect(built.report).toMatchObject({ scripts: 3, decodable: 3 })
  })

  test('scripts that an earlier build in watch mode has left are not of this build', async () => {
    const dir = await place()
    const left = join(dir, 'dist/chunk-OLD.js')
    const other = {
      name: 'left',
      async setup({ initialOptions }: PluginBuild) {
        await mkdir(join(dir, 'dist'), { recursive: true })
        await writeFile(left, `left()\n${initialOptions.footer?.js}`)
        await utimes(left, 1, 1)
      },
    }
    const built = await buildEsbuild(dir, listed('after', other))
    expect(built.files['chunk-OLD.js']).toContain('mapseal@')
    expect(built.report).toMatchObject({ scripts: 3, decodable: 3 })
    expect(built.lines).toEqual([expect.stringContaining('3 scripts, 3 decodable')])
  })
})
