import { vite as vite7 } from '@mapseal-test/vite7'
import * as vite8 from 'vite'
import { viteSingleFile } from 'vite-plugin-singlefile'
import { describe, expect, test } from 'vitest'
import { buildVite, differences, place, stacksIn } from './cases.ts'

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
