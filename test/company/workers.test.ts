import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type FileRecord, openVault } from '@mapseal/core'
import { symbolicate } from '@mapseal/core/symbolicate'
import { vite as vite7 } from '@mapseal-test/vite7'
import type { Plugin } from 'vite'
import * as vite8 from 'vite'
import { viteSingleFile } from 'vite-plugin-singlefile'
import { describe, expect, test } from 'vitest'
import { type Built, buildVite, originalOf, place } from './cases.ts'

/** Apps with workers: Vite builds those apart and in memory, and writes them with the rest. */

const files = {
  'src/main.js': `import Work from './work.js?worker'
globalThis.work = () => new Work()
// a comment that moves lines
export function boom(order) {
  if (!order.price) throw new Error('boom-main')
}
globalThis.boom = boom
`,
  'src/work.js': `// a comment
self.onmessage = ({ data }) => {
  if (!data.price) throw new Error('boom-work')
}
`,
}

function onDisk(change: (code: string) => string): Plugin {
  return {
    name: 'on-disk',
    writeBundle({ dir }) {
      const assets = join(dir as string, 'assets')
      for (const name of readdirSync(assets).filter(name => name.endsWith('.js')))
        writeFileSync(join(assets, name), change(readFileSync(join(assets, name), 'utf8')))
    },
  }
}

const names = { entryFileNames: 'assets/[name].js', assetFileNames: 'assets/[name][extname]' }
const config = { build: { rollupOptions: { output: names } }, worker: { rollupOptions: { output: names } } }

/** Where a throw in the worker leads by its debug ID alone, as an SDK reports it of a worker that has a URL of its own. */
async function originalInWorker({ dir, records }: Built): Promise<string> {
  const vault = openVault('vault', dir)
  const worker = records.flatMap(build => build.files).find(file => file.path.includes('work')) as FileRecord
  const code = Buffer.from(await vault.read(worker.code)).toString()
  const before = code.slice(0, code.indexOf('boom-work')).split('\n')
  const url = 'blob:http://localhost/1'
  const stack = `Error: boom-work\n    at f (${url}:${before.length}:${(before.at(-1) as string).length + 1})`
  const { lines } = await symbolicate(stack, vault, { debugIds: { [url]: worker.debugId } })
  const frame = lines.find(line => line.kind === 'original')
  return frame ? `${frame.original.source.split('/').at(-1)}:${frame.original.line}` : 'unread'
}

const inlined = { ...files, 'src/main.js': files['src/main.js'].replace('?worker', '?worker&inline') }

describe.each([
  ['Vite 7', vite7],
  ['Vite 8', vite8],
])('%s', (_, vite) => {
  test('what a plugin does on the disk: the maps follow, of the worker too', async () => {
    const dir = await place(files)
    const built = await buildVite(vite as never, dir, ours => [...ours, onDisk(code => `/* a */\n${code}`)], config)
    expect(built.report).toMatchObject({ scripts: 3, decodable: 3 })
    expect(await originalOf(built, 'assets/index.js', 'boom-main')).toBe('main.js:5')
    expect(await originalOf(built, 'assets/work.js', 'boom-work')).toBe('work.js:3')
  })

  test('a source map that a plugin writes: the build reports it', async () => {
    const leak: Plugin = {
      name: 'leak',
      writeBundle: ({ dir }) => writeFileSync(join(dir as string, 'other.js.map'), '{"version":3,"mappings":""}'),
    }
    const built = await buildVite(vite as never, await place(files), ours => [...ours, leak], config)
    expect(built.failure?.message).toMatch('other.js.map still reveals source')
  })

  test("where source maps stay, the worker's has its debug ID too", async () => {
    const hidden = { ...config, build: { ...config.build, sourcemap: 'hidden' as const } }
    const built = await buildVite(vite as never, await place(files), ours => ours, hidden, { output: 'keep' })
    for (const name of ['assets/index.js', 'assets/work.js']) {
      const { debugId } = JSON.parse(built.files[`${name}.map`] as string)
      expect(built.files[name]).toContain(`debugId=${debugId}`)
    }
  })

  test.each([
    ['in a page', viteSingleFile()],
    ['in a script that a plugin changes on the disk', onDisk(code => `/* a */\n${code}`)],
  ])('an inline worker %s: it decodes by its debug ID', async (_, plugin) => {
    const built = await buildVite(vite as never, await place(inlined), ours => [...ours, plugin], config)
    expect(built.failure).toBeUndefined()
    expect(await originalInWorker(built)).toBe('work.js:3')
    const holder = 'assets/index.js' in built.files ? 'assets/index.js' : 'index.html'
    expect(await originalOf(built, holder, 'boom-main')).toBe('main.js:5')
  })
})
