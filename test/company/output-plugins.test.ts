import { join } from 'node:path'
import { vite as vite7 } from '@mapseal-test/vite7'
import mapsealRolldown from 'mapseal/rolldown'
import mapsealRollup from 'mapseal/rollup'
import { rolldown } from 'rolldown'
import { rollup } from 'rollup'
import * as vite8 from 'vite'
import { describe, expect, test } from 'vitest'
import { buildRollup, buildTwice, buildVite, originalOf, place } from './cases.ts'

/** Plugins of an output, of which no hook tells before the bundler has read them. */

const shared = `// a comment
export const shared = name => \`shared-\${name}\`
export function boom(order) {
  if (!order.price) throw new Error('boom-shared')
}
`
const licence = (code: string) => `/*\n * a\n * licence\n */\n${code}`
const inRenderChunk = () => ({ name: 'licence', renderChunk: (code: string) => ({ code: licence(code), map: null }) })
const inGenerateBundle = () => ({
  name: 'licence',
  generateBundle(_: unknown, bundle: Record<string, { type: string; code: string }>) {
    for (const file of Object.values(bundle)) if (file.type === 'chunk') file.code = licence(file.code)
  },
})
const left = 'the plugin "licence" changed it and left its source map as it was'

function build(bundler: 'rollup' | 'rolldown', dir: string, plugins: unknown, inputPlugins: unknown = []) {
  const input = join(dir, 'src/shared.js')
  const run = async (ours: unknown[], outDir: string) => {
    const all = [...ours, inputPlugins] as never[]
    const bundle =
      bundler === 'rollup' ? await rollup({ input, plugins: all }) : await rolldown({ input, plugins: all })
    await bundle.write({ dir: outDir, format: 'es', plugins: plugins as never, sourcemap: 'hidden' })
    await bundle.close()
  }
  return buildTwice(dir, given => (bundler === 'rollup' ? mapsealRollup : mapsealRolldown)(given) as unknown, run)
}

describe.each(['rollup', 'rolldown'] as const)('%s', bundler => {
  test.each([
    ['a plugin', inRenderChunk()],
    ['a plugin that an earlier build had', inRenderChunk()],
    ['nested in lists and promises', [false, [Promise.resolve([inRenderChunk()])]]],
  ])('%s of an output that leaves the map as it was: the build says so', async (name, plugins) => {
    const files = { 'src/shared.js': shared }
    if (name.includes('earlier')) await build(bundler, await place(files), plugins)
    const built = await build(bundler, await place(files), plugins)
    expect(built.files['shared.js']).toMatch(/\* licence/)
    expect(built.report).toMatchObject({ scripts: 1, decodable: 0 })
    expect(await originalOf(built, 'shared.js', 'boom-shared')).toBe(left)
  })

  test('a plugin nested in lists and promises of the input, likewise', async () => {
    const dir = await place({ 'src/shared.js': shared })
    const built = await build(bundler, dir, [], [false, [Promise.resolve([inRenderChunk()])]])
    expect(await originalOf(built, 'shared.js', 'boom-shared')).toBe(left)
  })

  test('a plugin of an output that changes the bundle: the map follows', async () => {
    const built = await build(bundler, await place({ 'src/shared.js': shared }), [inGenerateBundle()])
    expect(built.files['shared.js']).toMatch(/\* licence/)
    expect(await originalOf(built, 'shared.js', 'boom-shared')).toBe('shared.js:4')
  })
})

describe.each(['rollup', 'rolldown'] as const)('a chunk that a plugin of %s has built before', bundler => {
  const code = 'function e(r){if(!r.price)throw new Error("boom-built")}export{e as built};'
  // Of the `throw` alone, after 26 characters.
  const map = { version: 3, sources: ['../src/built.js'], names: [], mappings: '0BACE' }
  const emit = (given: object) => ({
    name: 'prebuilt',
    generateBundle(this: { emitFile(file: object): void }) {
      this.emitFile({ type: 'prebuilt-chunk', fileName: 'built.js', code, exports: ['built'], ...given })
    },
  })

  test('with a map, which the bundler does not write: it decodes', async () => {
    const built = await buildRollup(bundler, await place({ 'src/shared.js': shared }), ours => [...ours, emit({ map })])
    expect(built.report).toMatchObject({ scripts: 2, decodable: 2 })
    expect(await originalOf(built, 'built.js', 'boom-built')).toBe('built.js:2')
  })

  test('without a map: the build says so', async () => {
    const built = await buildRollup(bundler, await place({ 'src/shared.js': shared }), ours => [...ours, emit({})])
    expect(built.report).toMatchObject({ scripts: 2, decodable: 1 })
  })
})

test('Vite: plugins of an output', async () => {
  const output = { plugins: [inRenderChunk()], entryFileNames: '[name].js' }
  const built = await buildVite(vite8, await place(), ours => ours, { build: { rollupOptions: { output } } } as never)
  expect(await originalOf(built, 'index.js', 'boom-main')).toBe(left)
})

test('Vite: source maps of names of their own, which Vite leaves as they were when it changes the script', async () => {
  const output = { sourcemapFileNames: 'maps/[name].json', entryFileNames: '[name].js' }
  const lazy = "import './lazy.css'\nexport const boomLazy = () => {}\n"
  const dir = await place({ 'src/lazy.js': lazy, 'src/lazy.css': 'a { color: red }' })
  const built = await buildVite(vite8, dir, ours => ours, { build: { rollupOptions: { output } } } as never)
  expect(built.files['index.js']).toMatch('__vite__mapDeps')
  expect(built.report).toMatchObject({ leaks: [], decodable: built.report?.scripts })
  expect(await originalOf(built, 'index.js', 'boom-main')).toBe('main.js:7')
})

test('Vite 7: what it puts into the wrapper of AMD leaves each place where it was', async () => {
  const names = { entryFileNames: '[name]-of-the-app.js', chunkFileNames: '[name].js' }
  const lazy = "import { boom } from './shared.js'\nexport const later = () => boom({})\n"
  const main = "export { boom } from './shared.js'\nimport('./lazy.js')\n"
  const dir = await place({ 'src/main.js': main, 'src/shared.js': shared, 'src/lazy.js': lazy })
  const output = { format: 'amd', ...names }
  const rollupOptions = { input: join(dir, 'src/main.js'), preserveEntrySignatures: 'strict', output }
  const built = await buildVite(vite7, dir, ours => ours, { build: { minify: false, rollupOptions } } as never)
  expect(built.report).toMatchObject({ scripts: 2, decodable: 2 })
  expect(await originalOf(built, 'lazy.js', 'main.boom({})')).toBe('lazy.js:2')
})
