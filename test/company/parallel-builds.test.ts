import { join } from 'node:path'
import { build } from 'esbuild'
import mapsealEsbuild from 'mapseal/esbuild'
import mapsealRollup from 'mapseal/rollup'
import { rollup } from 'rollup'
import { expect, test } from 'vitest'
import { buildTwice, differences, originalOf, place } from './cases.ts'

/** Several builds, or outputs of one, that are written at the same time. */

const files = { 'src/one.js': "export function one(order) {\n  throw new Error('boom-one' + order)\n}\n" }

const formats = [
  ['esm', 'one.mjs'],
  ['cjs', 'one.cjs'],
  ['iife', 'one.js'],
] as const

test.each([
  ['one folder', ''],
  ['a folder for each', 'of'],
])('esbuild: a script for each format, in %s', async (_, folder) => {
  const dir = await place(files)
  const pathOf = (format: string, name: string) => (folder && format !== 'iife' ? `${folder}-${format}/${name}` : name)
  const built = await buildTwice(dir, mapsealEsbuild, (plugins, outDir) =>
    Promise.all(
      formats.map(([format, name]) => {
        const outfile = join(outDir, pathOf(format, name))
        const entryPoints = [join(dir, 'src/one.js')]
        return build({ entryPoints, bundle: true, format, sourcemap: 'external', absWorkingDir: dir, outfile, plugins })
      }),
    ),
  )
  expect(built.lines).toEqual([expect.stringContaining('3 scripts, 3 decodable')])
  for (const [format, name] of formats) {
    const path = pathOf(format, name)
    const file = built.records[0]?.files.find(file => join(dir, file.outDir, file.path) === join(built.outDir, path))
    expect(built.files[path]).toContain(`debugId=${file?.debugId}`)
    if (!folder) expect(await originalOf(built, path, 'boom-one')).toBe('one.js:2')
  }
})

test('Rollup: the source maps of each output that stay in one folder have its debug IDs', async () => {
  const dir = await place(files)
  const build = async (plugins: unknown[], outDir: string) => {
    const bundle = await rollup({ input: join(dir, 'src/one.js'), plugins: plugins as never[] })
    const outputs = [
      ['es', '[name].mjs'],
      ['cjs', '[name].cjs'],
    ] as const
    await Promise.all(
      outputs.map(([format, entryFileNames]) => bundle.write({ dir: outDir, format, entryFileNames, sourcemap: true })),
    )
    await bundle.close()
  }
  const built = await buildTwice(dir, mapsealRollup as never, build, { output: 'keep' })
  expect(built.report).toMatchObject({ scripts: 2, decodable: 2 })
  expect(differences(built).filter(line => !line.endsWith('.map'))).toEqual([])
  for (const name of ['one.mjs', 'one.cjs']) {
    const { debugId } = JSON.parse(built.files[`${name}.map`] as string)
    expect(built.files[name]).toContain(`debugId=${debugId}`)
  }
})
