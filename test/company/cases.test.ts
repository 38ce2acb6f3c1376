import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { htmlPlugin } from '@craftamap/esbuild-plugin-html'
import { openVault } from '@mapseal/core'
import { checkFolder } from '@mapseal/core/folder'
import { vite as vite5 } from '@mapseal-test/vite5'
import { vite as vite6 } from '@mapseal-test/vite6'
import { vite as vite7 } from '@mapseal-test/vite7'
import CompressionPlugin from 'compression-webpack-plugin'
import * as vite8 from 'vite'
import vitePluginBundleObfuscator from 'vite-plugin-bundle-obfuscator'
import cssInjectedByJs from 'vite-plugin-css-injected-by-js'
import { VitePWA } from 'vite-plugin-pwa'
import { viteSingleFile } from 'vite-plugin-singlefile'
import { sri } from 'vite-plugin-sri3'
import { viteStaticCopy } from 'vite-plugin-static-copy'
import { describe, expect, test } from 'vitest'
import webpack from 'webpack'
import { InjectManifest } from 'workbox-webpack-plugin'
import { compareScript } from '../matrix/oracle/compare.ts'
import {
  buildEsbuild,
  buildRollup,
  buildVite,
  buildWebpack,
  differences,
  originalOf,
  place,
  scriptsOf,
  stacksIn,
  thrownInNode,
} from './cases.ts'

/** Real combinations with other tools, each beside the same build without Mapseal. */

const lines = ['main.js:7', 'lazy.js:6']
const thrown = { byId: lines, byUrl: lines }

describe.each([
  ['Vite 8', vite8],
  ['Vite 7', vite7],
] as const)('%s', (name, vite) => {
  test('vite-plugin-singlefile: an inlined script decodes at its place in the page', async () => {
    const dir = await place()
    // The plugin asks the Vite beside it for its version, which is 8.
    const output = name === 'Vite 7' ? { inlineDynamicImports: true } : {}
    const built = await buildVite(vite, dir, ours => [viteSingleFile(), ...ours], {
      build: { rollupOptions: { output } },
    })
    expect(built.failure).toBeUndefined()
    expect(differences(built)).toEqual([])
    expect(Object.keys(built.files)).toEqual(['index.html'])
    expect(built.files['index.html']).toContain('1.2.3')
    expect(built.report).toMatchObject({ scripts: 1, decodable: 1, leaks: [] })
    expect(await stacksIn(built)).toEqual(thrown)
  })
})

/** The release in a script of its own, and the tag in the page. */
const releaseScript = ['+ assets/release.js', '~ index.html']

/** A script whose code, and so its hash, is another. */
const renamed = (name: string) => [`+ ${name}`, `- ${name}`]

/** Names without a hash, so that files are compared by name. */
const named = {
  assetsInlineLimit: 0,
  rollupOptions: {
    output: { entryFileNames: '[name].js', chunkFileNames: '[name].js', assetFileNames: '[name].[ext]' },
  },
}

test('vite-plugin-css-injected-by-js: every mapping as without us', async () => {
  const dir = await place()
  const config = { build: { ...named, sourcemap: 'hidden' as const } }
  for (const plugins of [
    (ours: never[]) => [cssInjectedByJs(), ...ours],
    (ours: never[]) => [...ours, cssInjectedByJs()],
  ]) {
    const built = await buildVite(vite8, dir, plugins as never, config)
    expect(built.failure).toBeUndefined()
    const [plain, sealed] = await scriptsOf(built, 'index.js')
    expect(compareScript(plain, sealed)).toMatchObject({ problems: [] })
    expect(differences(built)).toEqual([...releaseScript, '- index.js.map', '- lazy.js.map'])
    expect(await stacksIn(built)).toEqual(thrown)
  }
})

test.each([
  ['before', vite8],
  ['after', vite7],
] as const)('vite-plugin-sri3 %s ours wraps a hook of Vite: every mapping as without us', async (where, vite) => {
  const plugins = (ours: unknown[]) => (where === 'before' ? [sri(), ...ours] : [...ours, sri()])
  const built = await buildVite(vite, await place(), plugins, { build: { ...named, sourcemap: 'hidden' as const } })
  expect(built.failure).toBeUndefined()
  for (const name of ['index.js', 'lazy.js']) {
    const [plain, sealed] = await scriptsOf(built, name)
    expect(compareScript(plain, sealed), name).toMatchObject({ problems: [] })
  }
  expect(differences(built)).toEqual([...releaseScript, '- index.js.map', '- lazy.js.map'])
  expect((await checkFolder(built.outDir)).problems).toEqual([])
  expect(await stacksIn(built)).toEqual(thrown)
})

test('a plugin changes the code alone, and Vite then changes the map for itself', async () => {
  const dir = await place()
  const built = await buildVite(vite8, dir, ours => [{ ...prefixing(false), enforce: 'post' }, ...ours], {
    build: named,
  })
  expect(built.report).toMatchObject({ scripts: 3, decodable: 3 })
  expect(differences(built)).toEqual(releaseScript)
  expect(await stacksIn(built)).toEqual(thrown)
})

interface Chunks {
  [name: string]: { type: string; code: string; source: string | Uint8Array }
}

/** Puts a line before each chunk in `generateBundle`. */
function prefixing(changesMap: boolean): object {
  return {
    name: 'prefix',
    generateBundle(_: unknown, bundle: Chunks) {
      for (const [name, file] of Object.entries(bundle)) {
        if (file.type !== 'chunk') continue
        file.code = `/* a line */;globalThis.before = 1;\n${file.code}`
        const asset = bundle[`${name}.map`]
        if (!asset || !changesMap) continue
        const map = JSON.parse(Buffer.from(asset.source).toString())
        asset.source = JSON.stringify({ ...map, mappings: `;${map.mappings}` })
      }
    },
  }
}

describe.each(['rollup', 'rolldown'] as const)('%s', bundler => {
  test.each(['before', 'after'])('a plugin %s ours puts a line before the code and changes the map', async where => {
    const dir = await place()
    const plugins = (ours: unknown[]) => (where === 'before' ? [prefixing(true), ...ours] : [...ours, prefixing(true)])
    const built = await buildRollup(bundler, dir, plugins)
    const [plain, sealed] = await scriptsOf(built, 'shared.js')
    expect(compareScript(plain, sealed)).toMatchObject({ problems: [] })
    expect(differences(built)).toEqual(['- shared.js.map'])
  })

  test.each(['before', 'after'])('a plugin %s ours puts a line before the code and leaves the map', async where => {
    const dir = await place()
    const plugins = (changesMap: boolean) => (ours: unknown[]) =>
      where === 'before' ? [prefixing(changesMap), ...ours] : [...ours, prefixing(changesMap)]
    const right = await buildRollup(bundler, await place(), plugins(true))
    const built = await buildRollup(bundler, dir, plugins(false))
    expect(built.report).toMatchObject({ scripts: 1, decodable: 1 })
    // The map without us fits the code before the line was put there; ours also ends where that code ends.
    const [plain] = await scriptsOf(right, 'shared.js')
    const [, sealed] = await scriptsOf(built, 'shared.js')
    expect(compareScript(plain, sealed).problems).toEqual([
      expect.stringMatching(/is not in the baseline: \[\d+,\d+]$/),
    ])
    expect(differences(built)).toEqual(['- shared.js.map'])
  })
})

test.each([
  ['Vite 8', vite8],
  ['Vite 7', vite7],
] as const)(
  'vite-plugin-bundle-obfuscator in %s: the map that it gives to the chunk is the script’s',
  async (name, vite) => {
    const dir = await place()
    // Types of its default export are those of its CommonJS half.
    const obfuscator = vitePluginBundleObfuscator as never as (options: object) => object
    // It obfuscates each file name once a process: names have a hash, which is another in each build.
    await appendFile(join(dir, 'src/main.js'), `globalThis.__vite = '${name}'\n`)
    const built = await buildVite(vite, dir, ours => [obfuscator({ log: false, options: { seed: 1 } }), ...ours])
    expect((await checkFolder(built.outDir)).problems).toEqual([])
    expect(built.report).toMatchObject({ scripts: 3, decodable: 3, leaks: [] })
    expect(differences(built).sort()).toEqual(
      [...renamed('assets/index.js'), ...renamed('assets/lazy.js'), ...releaseScript].sort(),
    )
    expect(Object.values(built.files).filter(code => code.includes('_0x'))).toHaveLength(2)
    expect(await stacksIn(built)).toEqual(thrown)
  },
)

/** Puts code behind each chunk in `generateBundle`. */
const appending = {
  name: 'append',
  generateBundle(_: unknown, bundle: Chunks) {
    for (const file of Object.values(bundle)) if (file.type === 'chunk') file.code += '\n;globalThis.after = 1;\n'
  },
}

test('lines appended: the comment with the ID is at the end', async () => {
  const dir = await place()
  const built = await buildVite(vite8, dir, ours => [appending, ...ours], { build: named })
  expect(built.failure).toBeUndefined()
  expect((await checkFolder(built.outDir)).problems).toEqual([])
  expect(built.report).toMatchObject({ scripts: 3, decodable: 3 })
  expect(differences(built)).toEqual(releaseScript)
  expect(await stacksIn(built)).toEqual(thrown)
})

describe.each(['before', 'after'])('webpack: a plugin %s ours', where => {
  const company = (plugin: () => unknown) => (ours: unknown[]) =>
    where === 'before' ? [plugin(), ...ours] : [...ours, plugin()]

  test('compression-webpack-plugin deletes the originals: they are kept and decode', async () => {
    const dir = await place()
    const compression = () => new CompressionPlugin({ minRatio: 10, threshold: 0, deleteOriginalAssets: true })
    const built = await buildWebpack(dir, company(compression))
    expect(built.failure).toBeUndefined()
    expect(Object.keys(built.files)).toEqual(Object.keys(built.plain))
    expect(differences(built)).toEqual(['~ lazy.js.gz', '~ main.js.gz'])
    expect(built.report).toMatchObject({ scripts: 2, decodable: 2, leaks: [] })
    expect(built.report?.build.files.map(({ path, fate }) => [path, fate])).toEqual([
      ['lazy.js', 'compressed'],
      ['main.js', 'compressed'],
    ])
    expect(await thrownInNode(built)).toEqual(lines)
  })

  test('SourceMapDevToolPlugin gives maps a name of its own: they are taken', async () => {
    const dir = await place()
    const maps = () =>
      new webpack.SourceMapDevToolPlugin({ filename: 'maps/[file].json', append: '\n//# sourceMappingURL=[url]' })
    const built = await buildWebpack(dir, company(maps), { devtool: false })
    expect(built.failure).toBeUndefined()
    expect(differences(built)).toEqual(['- maps/lazy.js.json', '- maps/main.js.json'])
    expect(built.report).toMatchObject({ scripts: 2, decodable: 2, leaks: [] })
    expect(await thrownInNode(built)).toEqual(lines)
  })

  test('SourceMapDevToolPlugin puts maps into the scripts: they are taken', async () => {
    const inline = company(() => new webpack.SourceMapDevToolPlugin({}))
    const built = await buildWebpack(await place(), inline, { devtool: false })
    expect(built.failure).toBeUndefined()
    expect(built.plain['main.js']).toContain('sourceMappingURL=data:application/json')
    expect(differences(built)).toEqual([])
    expect(built.report).toMatchObject({ scripts: 2, decodable: 2, leaks: [] })
    expect(await thrownInNode(built)).toEqual(lines)
  })

  test.each([
    ['index.bundle', 'lazy.bundle'],
    ['main.js?v=1', 'lazy.js?v=1'],
    ['main', 'lazy'],
  ])('scripts named %s are scripts', async (filename, chunkFilename) => {
    const dir = await place()
    const maps = () => new webpack.SourceMapDevToolPlugin({ test: /./, filename: '[file].map' })
    const output = { filename, chunkFilename }
    const built = await buildWebpack(dir, company(maps), { devtool: false, output })
    expect(built.failure).toBeUndefined()
    expect(differences(built).filter(line => !line.startsWith('- '))).toEqual([])
    expect(Object.keys(built.files).filter(name => !/css/.test(name))).toHaveLength(2)
    expect(built.report).toMatchObject({ scripts: 2, decodable: 2, leaks: [] })
    expect(await thrownInNode(built)).toEqual(lines)
  })

  test('workbox-webpack-plugin puts the list of files into the service worker: it decodes', async () => {
    const worker = "const files = self.__WB_MANIFEST\nself.addEventListener('install', () => boom(files))\n"
    const dir = await place({ 'src/sw.js': worker })
    const inject = () => new InjectManifest({ swSrc: join(dir, 'src/sw.js'), swDest: 'sw.js' })
    const built = await buildWebpack(dir, company(inject))
    expect(built.failure).toBeUndefined()
    expect(built.files['sw.js']).toContain('main.js')
    expect(built.report).toMatchObject({ scripts: 3, decodable: 3, leaks: [] })
    expect(await originalOf(built, 'sw.js', 'boom')).toBe('sw.js:2')
  })

  test('EvalSourceMapDevToolPlugin in production is a leak', async () => {
    const dir = await place()
    const built = await buildWebpack(
      dir,
      company(() => new webpack.EvalSourceMapDevToolPlugin({})),
      { devtool: false },
    )
    expect(built.failure?.message).toContain('eval')
    expect(differences(built)).toEqual([])
    expect(built.report?.leaks).toMatchObject([
      { path: 'main.js', kind: 'eval' },
      { path: 'lazy.js', kind: 'eval' },
    ])
  })
})

describe.each([
  ['Vite 8', vite8],
  ['Vite 7', vite7],
  ['Vite 6', vite6],
  ['Vite 5', vite5],
] as const)('vite-plugin-pwa in %s', (name, vite) => {
  const base: Parameters<typeof VitePWA>[0] = {
    registerType: 'autoUpdate',
    injectRegister: 'auto',
    manifest: { name: 'x', icons: [] },
  }
  const worker = {
    'src/sw.js':
      "import { text } from './text.js'\nself.addEventListener('install', () => console.log(text(), self.__WB_MANIFEST))",
    'src/text.js': "export const text = () => 'installed ' + Date.now()",
  }

  test.each([
    ['generateSW', base],
    ['injectManifest', { ...base, strategies: 'injectManifest' as const, srcDir: 'src', filename: 'sw.js' }],
  ])('%s: what it builds is as without us', async (_, options) => {
    const dir = await place(worker)
    const built = await buildVite(vite, dir, ours => [VitePWA(options), ...ours], { build: named })
    expect(built.failure).toBeUndefined()
    expect(Object.keys(built.files).filter(file => file.endsWith('.map'))).toEqual([])
    // The revisions of the files in the worker's list are others.
    expect(differences(built)).toEqual([...releaseScript, '~ sw.js'])
    expect(cached(built.files['sw.js'])).toEqual(cached(built.plain['sw.js']))
    expect(built.files['sw.js']).not.toMatch(/sourceMappingURL|debugId/)
    const vault = openVault('vault', dir)
    const { problems, withoutMap } = await checkFolder(built.outDir, { vault })
    expect([problems, withoutMap]).toEqual([[], expect.arrayContaining(['registerSW.js', 'sw.js'])])
    if (name === 'Vite 8' && options === base) expect(await stacksIn(built)).toEqual(thrown)
    if (options === base) return
    await appendFile(join(built.outDir, 'sw.js'), ';changed()')
    expect((await checkFolder(built.outDir, { vault })).problems).toMatchObject([{ path: 'sw.js' }])
  })
})

/** What a worker caches, but for the release's own script. */
function cached(worker: string | undefined): string[] {
  const urls = Array.from(worker?.matchAll(/"?url"?:\s*"([^"]+)"/g) ?? [], match => match[1] as string)
  return urls.filter(url => !url.startsWith('assets/release-')).sort()
}

/** A third party's script that is copied with its map, and one whose map was never published. */
const copied = {
  'public/lib/old.min.js': '!function(){window.oldLib=1}();\n//# sourceMappingURL=old.min.js.map',
  'vendor/lib.js': 'window.lib=1\n//# sourceMappingURL=lib.js.map',
  'vendor/lib.js.map': '{"version":3,"sources":["lib.ts"],"names":[],"mappings":"AAAA"}',
}

describe('copied files', () => {
  const copy = () => viteStaticCopy({ targets: [{ src: 'vendor/*', dest: 'vendor' }] })

  test('a link to a map that is not there is no leak', async () => {
    const dir = await place({ 'public/lib/old.min.js': copied['public/lib/old.min.js'] })
    const built = await buildVite(vite8, dir, ours => ours, { build: named })
    expect(built.failure).toBeUndefined()
    expect(differences(built)).toEqual(releaseScript)
    expect(built.files['lib/old.min.js']).toBe(built.plain['lib/old.min.js'])
  })

  test('vite-plugin-static-copy: a map of others is reported, unless it is allowed', async () => {
    const found = await buildVite(vite8, await place(copied), ours => [copy(), ...ours], { build: named })
    expect(found.report?.leaks.map(({ path }) => path)).toEqual(['vendor/lib.js', 'vendor/lib.js.map'])
    expect(found.failure?.message).toContain('name it in "allow"')

    const built = await buildVite(
      vite8,
      await place(copied),
      ours => [copy(), ...ours],
      { build: named },
      { allow: 'vendor/**' },
    )
    expect(built.failure).toBeUndefined()
    expect(built.report).toMatchObject({ scripts: 3, decodable: 3, leaks: [] })
    expect(differences(built)).toEqual(releaseScript)
    expect(built.files['vendor/lib.js']).toBe(copied['vendor/lib.js'])
    const selection = { include: undefined, exclude: [], allow: ['vendor/**', 'lib/**'] }
    expect((await checkFolder(built.outDir, { selection })).problems).toEqual([])
  })
})

test.each(['before', 'after'])(
  '@craftamap/esbuild-plugin-html %s ours: the page loads the entry by its new name',
  async where => {
    const dir = await place()
    const page = () =>
      htmlPlugin({ files: [{ entryPoints: ['src/main.js'], filename: 'index.html', scriptLoading: 'module' }] })
    const plugins = (ours: unknown[]) => (where === 'before' ? [page(), ...ours] : [...ours, page()])
    const built = await buildEsbuild(dir, plugins, { entryNames: '[name]-[hash]', chunkNames: '[name]' })
    expect(built.failure).toBeUndefined()
    expect(built.report).toMatchObject({ leaks: [] })
    const entries = (files: Record<string, string>) => Object.keys(files).filter(name => /^main-.*js$/.test(name))
    const [[ours], [theirs]] = [entries(built.files), entries(built.plain)]
    expect(ours).not.toBe(theirs)
    const withoutHash = (text = '') => text.replaceAll(/-[A-Z\d]{8}(?=\.)/g, '')
    expect(withoutHash(built.files['index.html'])).toBe(withoutHash(built.plain['index.html']))
    expect(built.files['index.html']).toContain(ours)
    expect(await stacksIn(built)).toEqual(thrown)
  },
)
