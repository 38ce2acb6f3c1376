import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { openVault } from '@mapseal/core'
import { checkFolder, sealFolder } from '@mapseal/core/folder'
import type { Options } from 'mapseal'
import * as vite8 from 'vite'
import viteCompression from 'vite-plugin-compression'
import { expect, test } from 'vitest'
import { buildTwice, differences, place, stacksIn } from './cases.ts'

/** Builds that other plugins have finished, and then `mapseal seal`. */

test('vite-plugin-compression, then seal: each compressed copy is of the sealed file', async () => {
  const dir = await place()
  const build = async ([options]: Options[], outDir: string) => {
    const compress = viteCompression as never as (options: object) => vite8.Plugin
    await vite8.build({
      root: dir,
      configFile: false,
      logLevel: 'silent',
      plugins: [compress({ verbose: false, threshold: 0, filter: /\.(?:js|html|css)$/ })],
      build: {
        outDir,
        sourcemap: 'hidden',
        rollupOptions: { output: { entryFileNames: '[name].js', chunkFileNames: '[name].js' } },
      },
    })
    if (options) await sealFolder(outDir, options, dir)
  }
  const built = await buildTwice(dir, options => options, build)
  expect(built.failure).toBeUndefined()
  expect(built.report).toMatchObject({ scripts: 2, decodable: 2, leaks: [] })
  const scripts = ['index.js', 'lazy.js']
  expect(differences(built)).toEqual(scripts.flatMap(name => [`~ ${name}.gz`, `- ${name}.map`]))
  for (const name of scripts) {
    const [sealed, copy] = await Promise.all([name, `${name}.gz`].map(path => readFile(join(built.outDir, path))))
    expect(gunzipSync(copy as Buffer)).toEqual(sealed)
  }
  expect((await checkFolder(built.outDir, { vault: openVault('vault', dir) })).problems).toEqual([])
  const lines = ['main.js:7', 'lazy.js:6']
  expect(await stacksIn(built)).toEqual({ byId: lines, byUrl: lines })
})
