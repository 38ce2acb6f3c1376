import { join } from 'node:path'
import { checkFolder } from '@mapseal/core/folder'
import { vite as vite7 } from '@mapseal-test/vite7'
import * as vite8 from 'vite'
import { describe, expect, test } from 'vitest'
import { type Built, buildEsbuild, buildRspack, buildVite, buildWebpack, originalOf, place } from './cases.ts'

/** Files are what they hold, whatever they are called. */

const files = {
  'src/level.map': 'the map of a level',
  'src/data.map': '{ "version": 3, "names": ["a", "level"] }',
  'src/play.js': `import level from './level.map'
import data from './data.map'
export function play(order) {
  throw new Error('boom-play' + level + data + order)
}
globalThis.play = play
`,
}

/** The app loads both, so they are where they are without us, and nothing is said of them. */
async function expectKept(built: Built): Promise<void> {
  expect(built.failure).toBeUndefined()
  expect(built.lines).toEqual([expect.stringContaining('decodable')])
  const maps = Object.keys(built.files).filter(name => name.endsWith('.map'))
  expect(maps).toHaveLength(2)
  for (const name of maps) expect(built.files[name]).toBe(built.plain[name])
  expect((await checkFolder(built.outDir)).problems).toEqual([])
}

describe('assets named *.map that are not source maps', () => {
  test.each([
    ['Vite 8', vite8],
    ['Vite 7', vite7],
  ] as const)('%s', async (_, vite) => {
    const dir = await place(files)
    const build = { assetsInlineLimit: 0, rollupOptions: { input: join(dir, 'src/play.js') } }
    await expectKept(await buildVite(vite, dir, ours => ours, { assetsInclude: /\.map$/, build }))
  })

  test.each([
    ['webpack', buildWebpack],
    ['Rspack', buildRspack],
  ] as const)('%s', async (_, build) => {
    const module = { rules: [{ test: /\.map$/, type: 'asset/resource' }] }
    await expectKept(await build(await place(files), ours => ours, { entry: './src/play.js', module }))
  })

  test('esbuild', async () => {
    const loader = { '.map': 'file' } as const
    await expectKept(await buildEsbuild(await place(files), ours => ours, { entryPoints: ['src/play.js'], loader }))
  })

  test('in the public folder of Vite', async () => {
    const copied = { 'public/level.map': files['src/level.map'], 'public/data.map': files['src/data.map'] }
    await expectKept(await buildVite(vite8, await place(copied), ours => ours))
  })
})

test('esbuild: scripts with another extension are sealed', async () => {
  const config = { outExtension: { '.js': '.bundle' }, loader: { '.map': 'dataurl' } } as const
  const entryPoints = ['src/play.js']
  const built = await buildEsbuild(await place(files), ours => ours, { ...config, entryPoints, sourcemap: 'external' })
  expect(Object.keys(built.files)).toEqual(['play.bundle'])
  expect(built.report).toMatchObject({ scripts: 1, decodable: 1, leaks: [] })
  expect(await originalOf(built, 'play.bundle', 'boom-play')).toBe('play.js:4')
})
