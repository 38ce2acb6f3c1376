import { join } from 'node:path'
import { vite as vite6 } from '@mapseal-test/vite6'
import { vite as vite7 } from '@mapseal-test/vite7'
import { rspack } from '@rspack/core'
import { type BuildOptions, build as esbuild, type PluginBuild } from 'esbuild'
import mapseal from 'mapseal/vite'
import MiniCssExtractPlugin from 'mini-css-extract-plugin'
import { rolldown } from 'rolldown'
import { rollup } from 'rollup'
import type { Plugin, ViteBuilder } from 'vite'
import * as vite8 from 'vite'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import webpack, { type Compiler } from 'webpack'
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
} from './cases.ts'

/**
 * A plugin that changes code, and starts a build of its own with the setting of source maps that it is shown: what that build makes
 * is as without us, and for all that the plugin knows that its changes are part of maps.
 */

const files = { 'src/nested.js': 'export const nested = text => {\n  throw new Error(text)\n}\nnested("boom")\n' }

/** What the build without us made of the nested scripts, byte for byte, and nothing beside them. */
function expectAsWithout({ failure, report, files, plain }: Built, pattern = /nested/): void {
  expect(failure).toBeUndefined()
  expect(report?.leaks).toEqual([])
  const nested = (all: Record<string, string>) => Object.entries(all).filter(([name]) => pattern.test(name))
  expect(nested(plain).length).toBeGreaterThan(0)
  expect(nested(files)).toEqual(nested(plain))
  expect(Object.keys(files).filter(name => name.endsWith('.map'))).toEqual([])
}

type SourceMap = boolean | 'inline' | 'hidden'

interface Config {
  root: string
  build: { outDir: string; sourcemap: SourceMap }
}

const hooks = ['generateBundle', 'writeBundle', 'closeBundle'] as const

describe.each([
  ['Vite 8', vite8],
  ['Vite 7', vite7],
] as const)('%s', (_, vite) => {
  const buildNested = ({ root, build: { outDir } }: Config, name: string, sourcemap: SourceMap) =>
    vite.build({
      root,
      configFile: false,
      logLevel: 'silent',
      build: {
        outDir,
        emptyOutDir: false,
        sourcemap,
        lib: { entry: join(root, 'src/nested.js'), formats: ['es'], fileName: () => name },
      },
    })

  /** Keeps the config, or what it says when it is resolved, until its hook. */
  function nesting(hook: string, isKept: boolean, seen: SourceMap[]) {
    let config: Config
    let sourcemap: SourceMap
    return {
      name: 'nesting',
      configResolved(resolved: Config) {
        config = resolved
        sourcemap = resolved.build.sourcemap
      },
      transform: () => void seen.push(config.build.sourcemap),
      [hook]: () => buildNested(config, 'nested.js', isKept ? sourcemap : config.build.sourcemap),
    }
  }

  test.each(hooks.flatMap(hook => places.map(where => [where, hook] as const)))(
    'a plugin %s ours reads the setting in %s',
    async (where, hook) => {
      const seen: SourceMap[] = []
      const built = await buildVite(vite, await place(files), listed(where, nesting(hook, false, seen)))
      expectAsWithout(built)
      expect(built.report).toMatchObject({ scripts: 3, decodable: 3 })
      // Without us and with us.
      expect([...new Set(seen)]).toEqual([false, 'hidden'])
    },
  )

  test.each(hooks.flatMap(hook => places.map(where => [where, hook] as const)))(
    'a plugin %s ours keeps the setting from configResolved until %s: the map goes into the vault',
    async (where, hook) => {
      const built = await buildVite(vite, await place(files), listed(where, nesting(hook, true, [])))
      expectAsWithout(built)
      expect(built.report).toMatchObject({ scripts: 4, decodable: 4 })
      expect(await originalOf(built, 'nested.js', 'Error')).toBe('nested.js:2')
    },
  )
})

test('Vite: hooks of others are wrapped once, however often their config is resolved', async () => {
  const other: { name: string; buildStart?: unknown } = {
    name: 'nesting',
    ...{ configResolved: () => {}, transform: () => null, buildStart: () => {} },
  }
  const ours = mapseal({ vault: join(await place(), 'vault'), logger: { info() {}, warn() {}, error() {} } })
  const resolve = () => vite8.resolveConfig({ configFile: false, plugins: [other as Plugin, ours] }, 'build')
  await resolve()
  const wrapped = other.buildStart
  await resolve()
  expect(other.buildStart).toBe(wrapped)
})

describe.each(['rollup', 'rolldown'] as const)('%s', bundler => {
  test.each(places)('a plugin %s ours passes the options of the output on', async where => {
    const dir = await place(files)
    const seen: unknown[] = []
    const other = {
      name: 'nesting',
      renderChunk: (_: string, __: object, { sourcemap }: { sourcemap: SourceMap }) => void seen.push(sourcemap),
      async writeBundle({ dir: outDir, sourcemap }: { dir: string; sourcemap: SourceMap }) {
        const input = join(dir, 'src/nested.js')
        const bundle = bundler === 'rollup' ? await rollup({ input }) : await rolldown({ input })
        await bundle.write({ file: join(outDir, 'nested.js'), format: 'es', sourcemap })
        await bundle.close()
      },
    }
    const built = await buildRollup(bundler, dir, listed(where, other), {}, false)
    expectAsWithout(built)
    expect(built.report).toMatchObject({ scripts: 1, decodable: 1 })
    expect(seen).toEqual([false, 'hidden'])
  })
})

/** A plugin that bundles a module with all plugins of the build, ours among them, and never closes that bundle. */
function unclosed(dir: string) {
  let plugins: unknown
  return {
    name: 'nesting',
    options(input: { plugins: unknown }) {
      plugins = input.plugins
    },
    async load(id: string) {
      if (!/shared\.js$/.test(id)) return null
      const bundle = await rollup({ input: join(dir, 'src/nested.js'), plugins: plugins as never })
      const { output } = await bundle.generate({ format: 'es', entryFileNames: 'nested.js', sourcemap: true })
      return `export const shared = () => ${JSON.stringify(output[0].code)}`
    },
  }
}

describe('a plugin builds with all plugins and does not close the bundle: the build ends with the one around it', () => {
  const expectEnded = ({ failure, lines, report, records }: Built) => {
    expect(failure).toBeUndefined()
    expect(lines.filter(line => line.includes('decodable'))).toHaveLength(1)
    expect(records.map(({ state }) => state)).toEqual([undefined])
    expect(report?.build.files.find(({ path }) => path === 'nested.js')?.map).toBeDefined()
    expect(report?.decodable).toBe(report?.scripts)
  }

  test.each(places)('Rollup, %s ours', async where => {
    const dir = await place(files)
    expectEnded(await buildRollup('rollup', dir, listed(where, unclosed(dir))))
  })

  test('Rollup, where the build around it takes long', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const dir = await place(files)
    const slow = { name: 'slow', buildEnd: () => void vi.advanceTimersByTime(60_000) }
    expectEnded(await buildRollup('rollup', dir, ours => [unclosed(dir), slow, ...ours]))
  })

  test.each(places)('Vite 7, %s ours, and its setting is announced once', async where => {
    const dir = await place(files)
    const built = await buildVite(vite7, dir, listed(where, unclosed(dir)), { build: { sourcemap: true } })
    expectEnded(built)
    expect(built.lines.filter(line => line.includes('asks for visible source maps'))).toHaveLength(1)
  })
})

describe.each([
  ['webpack', buildWebpack, webpack],
  ['Rspack', buildRspack, rspack as never as typeof webpack],
] as const)('%s', (_, build, bundler) => {
  const buildNested = (compiler: Compiler, filename: string, devtool: Compiler['options']['devtool']) =>
    new Promise<void>((done, fail) => {
      const { context, output } = compiler.options
      const entry = join(context as string, 'src/nested.js')
      const nested = bundler({
        mode: 'production',
        context: context as string,
        entry,
        devtool: devtool as never,
        output: { path: output.path as string, filename },
      })
      nested?.run((error, stats) => {
        const cause = error ?? (stats?.hasErrors() ? new Error(stats.toString()) : undefined)
        nested.close(() => (cause ? fail(cause) : done()))
      })
    })

  test.each(
    (['run', 'make', 'emit', 'afterEmit', 'done'] as const).flatMap(hook =>
      places.map(where => [where, hook] as const),
    ),
  )('a plugin %s ours starts a compiler of its own in %s', async (where, hook) => {
    const other = {
      apply: (compiler: Compiler) =>
        compiler.hooks[hook].tapPromise('nesting', () =>
          buildNested(compiler, 'nested.js', { ...compiler.options }.devtool),
        ),
    }
    const built = await build(await place(files), listed(where, other))
    expectAsWithout(built)
    expect(built.report).toMatchObject({ scripts: 2, decodable: 2 })
  })

  test.each(places)('a plugin %s ours starts a child compiler: its script is sealed', async where => {
    const other = {
      apply: (compiler: Compiler) =>
        compiler.hooks.make.tapPromise('nesting', async compilation => {
          const path = join(compiler.context, 'src/nested.js')
          const entry = new bundler.EntryPlugin(compiler.context, path, { name: 'child' })
          const child = compilation.createChildCompiler('child', { filename: 'nested.js' }, [entry])
          await new Promise<void>((done, fail) => child.runAsChild(error => (error ? fail(error) : done())))
        }),
    }
    const built = await build(await place(files), listed(where, other))
    expect(built.report).toMatchObject({ scripts: 3, decodable: 3, leaks: [] })
    expect(await originalOf(built, 'nested.js', 'boom')).toBe('nested.js:4')
  })

  test('a loader still sees that there are source maps', async () => {
    const dir = await place({
      'loader.cjs':
        'module.exports = function (code) {\n  return "/* source map: " + this.sourceMap + " */" + code\n}\n',
    })
    const rules = [
      { test: /\.css$/, type: 'asset/resource' },
      { test: /main\.js$/, use: join(dir, 'loader.cjs') },
    ]
    const built = await build(dir, ours => ours, { module: { rules }, optimization: { minimize: false } })
    expect(built.files['main.js']).toContain('source map: true')
    expect(built.plain['main.js']).toContain('source map: false')
  })

  test('css-loader does not, since its map would be in the script, unless the style sheet is extracted', async () => {
    const extract = bundler === webpack ? MiniCssExtractPlugin : (rspack.CssExtractRspackPlugin as never)
    const buildStyle = async (loaders: string[], others: unknown[]) =>
      build(await place(), ours => [...others, ...ours], { module: { rules: [{ test: /\.css$/, use: loaders }] } })
    const inScript = await buildStyle(['css-loader'], [])
    expect(inScript.failure).toBeUndefined()
    expect(differences(inScript)).toEqual([])
    expect(inScript.files['main.js']).not.toContain('sourcesContent')
    const inFile = await buildStyle([extract.loader, 'css-loader'], [new extract()])
    expect(differences(inFile)).toEqual([])
    expect(inFile.report?.build.files.find(({ path }) => path === 'main.css')?.map).toBeDefined()
  })

  test('css-loader does not either where the user asks for source maps, since they are sealed', async () => {
    const module = { rules: [{ test: /\.css$/, use: ['css-loader'] }] }
    const built = await build(await place(), ours => ours, { devtool: 'source-map', module })
    expect(built.plain['main.js']).toContain('sourcesContent')
    expect(built.files['main.js']).not.toContain('sourcesContent')
    expect(built.report).toMatchObject({ scripts: 2, decodable: 2, leaks: [] })
  })
})

describe('esbuild', () => {
  /** How a plugin comes by the options of its own build. */
  const copies = {
    'copies the options when it is set up': (build: PluginBuild) => {
      const copy = { ...build.initialOptions }
      return () => copy
    },
    'copies the options when it needs them': (build: PluginBuild) => () => ({ ...build.initialOptions }),
    'takes single options when it needs them': (build: PluginBuild) => (): BuildOptions => {
      const { bundle, format, outdir, absWorkingDir, sourcemap, footer } = build.initialOptions
      return {
        bundle,
        format,
        outdir,
        absWorkingDir,
        ...(sourcemap !== undefined && { sourcemap }),
        ...(footer && { footer }),
      } as BuildOptions
    },
  }

  test.each(Object.entries(copies).flatMap(([how, copy]) => places.map(where => [where, how, copy] as const)))(
    'a plugin %s ours %s',
    async (where, _, copy) => {
      const seen: unknown[] = []
      const other = {
        name: 'nesting',
        setup(build: PluginBuild) {
          seen.push(build.initialOptions.sourcemap)
          const options = copy(build)
          const nested = (write: boolean) =>
            esbuild({ ...options(), entryPoints: ['src/nested.js'], splitting: false, plugins: [], write })
          build.onLoad({ filter: /shared\.js$/ }, async () => {
            const { outputFiles } = await nested(false)
            const code = `export const shared = () => ${JSON.stringify(outputFiles?.[0]?.text)}`
            return { contents: code }
          })
          build.onEnd(async () => void (await nested(true)))
        },
      }
      const built = await buildEsbuild(await place(files), listed(where, other), { chunkNames: '[name]' })
      expectAsWithout(built)
      expect(built.report).toMatchObject({ scripts: 3, decodable: 3 })
      const inlined = (all: Record<string, string>) => /shared = \(\) => .*/.exec(Object.values(all).join('\n'))?.[0]
      expect(inlined(built.plain)).toContain('throw')
      expect(inlined(built.files)).toBe(inlined(built.plain))
      // Without us and with us: plugins that change code look when they are set up.
      expect(seen).toEqual([undefined, where === 'after' ? 'external' : undefined])
    },
  )

  test.each(places)('a plugin %s ours builds with all plugins, ours among them: the script is sealed', async where => {
    const other = {
      name: 'nesting',
      setup(build: PluginBuild) {
        build.onLoad({ filter: /shared\.js$/ }, async () => {
          const options = { ...build.initialOptions, entryPoints: ['src/nested.js'], splitting: false }
          const { outputFiles } = await esbuild({ ...options, write: false })
          return { contents: `export const shared = () => ${JSON.stringify(outputFiles?.map(({ text }) => text))}` }
        })
      },
    }
    const built = await buildEsbuild(await place(files), listed(where, other), { chunkNames: '[name]' })
    expect(built.failure).toBeUndefined()
    expect(built.report).toMatchObject({ leaks: [] })
    expect(Object.keys(built.files).filter(name => name.endsWith('.map'))).toEqual([])
    const file = built.records.flatMap(({ files }) => files).find(({ path }) => path === 'nested.js')
    expect(file).toMatchObject({ map: {} })
    expect(built.files['chunk.js']).toContain(`debugId=${file?.debugId}`)
    expect(await originalOf(built, 'main.js', 'boom-main')).toBe('main.js:7')
  })

  test("the user's footer is in what a plugin builds, and ours is not", async () => {
    const other = {
      name: 'nesting',
      setup(build: PluginBuild) {
        build.onEnd(async () => {
          const options = { ...build.initialOptions, splitting: false, plugins: [] }
          await esbuild({ ...options, entryPoints: ['src/nested.js'] })
        })
      },
    }
    const config = { chunkNames: '[name]', footer: { js: '/* the end */' } }
    const built = await buildEsbuild(await place(files), listed('after', other), config)
    expectAsWithout(built)
    expect(built.files['nested.js']).toContain('/* the end */')
  })
})

test.each([
  ['Vite 8', vite8],
  ['Vite 7', vite7],
  ['Vite 6', vite6 as never as typeof vite7],
])('%s: an app that is built from within its own build, as Vike does, is one build', async (_, vite) => {
  const within = () => {
    let isBuilt = false
    return {
      name: 'within',
      config: () => ({
        builder: {
          async buildApp(builder: ViteBuilder) {
            if (isBuilt) return
            isBuilt = true
            for (const environment of Object.values(builder.environments)) await builder.build(environment)
            await builder.buildApp()
          },
        },
      }),
    }
  }
  const built = await buildVite(vite, await place(), ours => [within(), ...ours])
  expect(built.failure).toBeUndefined()
  expect(built.lines).toEqual([expect.stringContaining('3 scripts, 3 decodable')])
  expect(built.report).toMatchObject({ scripts: 3, decodable: 3 })
})
