import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { listFiles, openVault } from '@mapseal/core'
import ForkTsCheckerWebpackPlugin from 'fork-ts-checker-webpack-plugin'
import { describe, expect, test } from 'vitest'
import { buildRspack, buildWebpack, place } from './cases.ts'

/** Type checkers that fail a build at its end, or when its files are written already. */

const wrong = {
  'src/wrong.ts': 'export const number: number = "text"\n',
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      strict: true,
      noEmit: true,
      types: [],
      target: 'es2022',
      module: 'esnext',
      moduleResolution: 'bundler',
    },
    include: ['src/wrong.ts'],
  }),
}

describe.each([
  ['webpack', buildWebpack],
  ['Rspack', buildRspack],
] as const)('fork-ts-checker-webpack-plugin in %s', (_, build) => {
  // The build without us is not to fail.
  const company = (ours: unknown[]) =>
    ours.length === 0 ? [] : [new ForkTsCheckerWebpackPlugin({ async: false }), ...ours]

  test('the bundler writes nothing: nothing is kept, and nothing is said of it', async () => {
    const dir = await place(wrong)
    const built = await build(dir, company)
    expect(built.failure?.message).toContain("Type 'string' is not assignable to type 'number'")
    expect(Object.keys(built.files)).toEqual([])
    expect(built.records).toEqual([])
    expect(built.lines).toEqual([])
  })

  test('the bundler writes its files in spite of errors: they are kept, and the build is said to have failed', async () => {
    const dir = await place(wrong)
    const config = { optimization: { emitOnErrors: true } }
    const built = await build(dir, company, config)
    expect(built.failure?.message).toContain("Type 'string' is not assignable to type 'number'")
    expect(Object.keys(built.files).filter(name => name.endsWith('.js'))).toEqual(['lazy.js', 'main.js'])
    expect(Object.keys(built.files).filter(name => name.endsWith('.map'))).toEqual([])
    expect(built.records).toMatchObject([{ state: 'failed', files: [{ path: 'lazy.js' }, { path: 'main.js' }] }])
    expect(built.lines).toEqual([
      '[mapseal] [build] The build failed after 2 files had been written. Their source maps are kept in vault.',
    ])
  })
})

/** One build in a process of its own, since the checker ends it. */
async function buildApart(dir: string, plugin: string): Promise<{ status: number | null; output: string }> {
  await writeFile(
    join(dir, 'build.mjs'),
    `import mapseal from 'mapseal/vite'
     import { build } from 'vite'
     import { checker } from 'vite-plugin-checker'
     const exiting = { name: 'exiting', closeBundle: { order: 'post', handler: () => process.exit(2) } }
     await build({ configFile: false, logLevel: 'error', plugins: [${plugin}, mapseal({ vault: 'vault', release: '1.2.3' })] })`,
  )
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
  const args = ['-C', 'mapseal-source', '--import', loader, 'build.mjs']
  const env = { ...process.env, NODE_ENV: 'production', VITEST: undefined }
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: dir, env, encoding: 'utf8' })
  return { status, output: stdout + stderr }
}

test('vite-plugin-checker ends the process before anything is written: nothing is kept', async () => {
  const dir = await place(wrong)
  const { status, output } = await buildApart(dir, 'checker({ typescript: true })')
  expect([status, output]).toEqual([2, expect.stringContaining("Type 'string' is not assignable to type 'number'")])
  expect(existsSync(join(dir, 'dist'))).toBe(false)
  expect(await openVault('vault', dir).records()).toEqual([])
})

test('a plugin ends the process when all is written: the record is open, and everything is in the vault', async () => {
  const dir = await place()
  const { status, output } = await buildApart(dir, 'exiting')
  expect([status, output]).toEqual([
    2,
    '[mapseal] [build] The process ended before the build did. The source maps of 3 files are kept in vault.\n',
  ])
  const names = await listFiles(join(dir, 'dist'))
  expect(names.filter(name => name.endsWith('.map'))).toEqual([])
  const vault = openVault('vault', dir)
  const [record, ...others] = await vault.records()
  expect(others).toEqual([])
  expect(record?.state).toBe('open')
  for (const name of names.filter(name => name.endsWith('.js'))) {
    const file = record?.files.find(file => file.path === name)
    expect((await vault.read(file?.code as never)).toString()).toBe(await readFile(join(dir, 'dist', name), 'utf8'))
  }
})
