import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PluginBuild } from 'esbuild'
import { expect, test } from 'vitest'
import { buildEsbuild, place } from './cases.ts'

/** esbuild: plugins listed before ours have taken the scripts elsewhere when it is our turn. */

const taking = (dir: string, take: (out: string, code: string) => Promise<unknown>) => (ours: unknown[]) => [
  {
    name: 'take',
    setup: (build: PluginBuild) =>
      build.onEnd(async () => {
        const out = join(dir, build.initialOptions.outdir as string)
        await take(out, await readFile(join(out, 'main.js'), 'utf8'))
      }),
  },
  ...ours,
]
const config = { splitting: false, minify: true } as const
const said = 'another plugin put a script there before it was sealed; list mapseal() before that plugin'

test.each([
  ['into a page', 'index.html', (code: string) => `<!doctype html><script type="module">${code}</script>`],
  ['under another name', 'app.js', (code: string) => code],
  ['behind other code', 'app.js', (code: string) => `/* a\n banner */\n${code}`],
])('%s: no map is public, and the build says that it does not decode', async (_, name, around) => {
  const dir = await place()
  const take = async (out: string, code: string) => {
    await writeFile(join(out, name), around(code))
    await rm(join(out, 'main.js'))
  }
  const built = await buildEsbuild(dir, taking(dir, take), config)
  expect(built.failure).toBeUndefined()
  expect(Object.keys(built.files).filter(file => !file.endsWith('.css'))).toEqual([name])
  expect(built.report).toMatchObject({ scripts: 1, decodable: 0, leaks: [] })
  expect(built.report?.build.files.find(({ path }) => path === name)?.problem).toBe(said)
  expect(built.report?.build.files.find(({ path }) => path === 'main.js')).toMatchObject({ fate: 'gone', map: {} })
})

test('into a page, and the script stays: the page is said not to decode', async () => {
  const dir = await place()
  const page = (out: string, code: string) =>
    writeFile(join(out, 'index.html'), `<script type="module">${code}</script>`)
  const built = await buildEsbuild(dir, taking(dir, page), config)
  expect(built.report).toMatchObject({ scripts: 2, decodable: 1, leaks: [] })
  expect(built.lines.join('\n')).toContain(`index.html cannot be decoded: ${said}`)
})
