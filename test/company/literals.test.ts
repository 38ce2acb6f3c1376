import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crx } from '@crxjs/vite-plugin'
import { checkFolder } from '@mapseal/core/folder'
import { vite as vite7 } from '@mapseal-test/vite7'
import * as vite8 from 'vite'
import { describe, expect, test } from 'vitest'
import { buildRollup, buildVite, buildWebpack, place } from './cases.ts'

/** An entry that is nothing but an exported literal stands in no stack, and is left byte for byte. */

const manifest: Parameters<typeof crx>[0]['manifest'] = {
  manifest_version: 3,
  name: 'test',
  version: '1.0.0',
  background: { service_worker: 'src/background.js', type: 'module' },
  content_scripts: [{ js: ['src/content.js'], matches: ['http://localhost/*'] }],
  action: { default_popup: 'popup.html' },
}

const extension = {
  'src/background.js':
    "import { shared } from './common.js'\nchrome.runtime.onMessage.addListener(() => { throw new Error(shared()) })",
  'src/content.js': "import { shared } from './common.js'\nconsole.log(shared())",
  'src/common.js': "export const shared = () => 'shared ' + Date.now()",
  'popup.html': '<!doctype html><script type="module" src="/src/popup.js"></script>',
  'src/popup.js': "import { shared } from './common.js'\ndocument.title = shared()",
}

/** Without hashes, and without the maps that a manifest of Vite 7 lists. */
const named = (text: string | undefined) => {
  const { web_accessible_resources: [{ resources = [] }] = [{}], ...rest } = JSON.parse(text ?? '{}')
  const names = resources.filter((name: string) => !name.endsWith('.map')).sort()
  return JSON.parse(JSON.stringify({ ...rest, resources: names }).replaceAll(/-[\w-]{8}(?=\.js)/g, ''))
}

test.each([
  ['Vite 8', vite8],
  ['Vite 7', vite7],
] as const)(
  '%s: @crxjs/vite-plugin finds its manifest, and each script of the extension is sealed',
  async (_, vite) => {
    const dir = await place(extension)
    const built = await buildVite(vite, dir, ours => [crx({ manifest }), ...ours], { build: { rollupOptions: {} } })
    expect(built.failure).toBeUndefined()
    expect(named(built.files['manifest.json'])).toEqual(named(built.plain['manifest.json']))
    const background = Object.keys(built.files).find(name => name.startsWith('assets/background'))
    expect(built.files['service-worker-loader.js']).toBe(`import './${background}';\n`)
    expect(built.files[background as string]).toContain('//# debugId=')
    expect(built.report).toMatchObject({ leaks: [] })
    const { problems } = await checkFolder(built.outDir)
    // The plugin writes these two itself, from its own sources.
    expect(problems.filter(({ path }) => !/loader/.test(path))).toEqual([])
  },
)

const data = {
  'src/shared.js': "export const lazy = () => import('./data.js')\nexport default function run() { throw new Error() }",
  'src/main.js': "import('./data.js').then(data => document.append(data.default.title))",
  'src/data.js': "export default { title: 'data', list: [1, 2, null] }",
}

describe('an entry of data', () => {
  test.each(['rollup', 'rolldown'] as const)('%s', async bundler => {
    const dir = await place(data)
    const emit = {
      name: 'emit',
      buildStart(this: { emitFile(file: object): string }) {
        this.emitFile({ type: 'chunk', id: join(dir, 'src/data.js'), fileName: 'data.js' })
      },
    }
    const built = await buildRollup(bundler, dir, ours => [emit, ...ours])
    expect(built.failure).toBeUndefined()
    expect(built.files['data.js']).toContain('null')
    expect(built.files['data.js']).toBe(built.plain['data.js'])
    expect(Object.keys(built.files).filter(name => name.endsWith('.map'))).toEqual([])
    expect((await checkFolder(built.outDir)).problems).toEqual([])
  })

  test('webpack as a library of modules', async () => {
    const dir = await place(data)
    const built = await buildWebpack(dir, ours => ours, {
      entry: { data: join(dir, 'src/data.js'), shared: join(dir, 'src/main.js') },
      experiments: { outputModule: true },
      output: { library: { type: 'modern-module' } },
      devtool: 'source-map',
    })
    expect(built.failure).toBeUndefined()
    const plain = (await readFile(join(dir, 'plain/data.js'), 'utf8')).replace(/\n?\/\/# sourceMappingURL=.*/, '')
    expect(built.files['data.js']?.trimEnd()).toBe(plain.trimEnd())
    expect(Object.keys(built.files).filter(name => name.endsWith('.map'))).toEqual([])
    expect((await checkFolder(built.outDir)).problems).toEqual([])
  })
})
