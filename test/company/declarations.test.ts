import { join } from 'node:path'
import { checkFolder, sealFolder } from '@mapseal/core/folder'
import mapsealRolldown from 'mapseal/rolldown'
import mapsealRollup from 'mapseal/rollup'
import { type OutputOptions, rolldown } from 'rolldown'
import { dts as rolldownDts } from 'rolldown-plugin-dts'
import { rollup } from 'rollup'
import { dts as rollupDts } from 'rollup-plugin-dts'
import { build as tsdown } from 'tsdown'
import * as vite8 from 'vite'
import viteDts from 'vite-plugin-dts'
import { describe, expect, test } from 'vitest'
import { type Built, buildTwice, buildVite, place } from './cases.ts'

/** Libraries whose bundler writes type declarations: they are no scripts, and stay as they are without us, maps and all. */

const project = {
  'src/index.ts': `import { two } from './two.ts'
export interface Order { total: number }
export const run = (order: Order): number => { if (order.total > two) throw new Error('x'); return order.total }
export const lazy = (): Promise<unknown> => import('./lazy.ts')
`,
  'src/two.ts': 'export const two: number = 1 + 1; export type Name = string',
  'src/lazy.ts': 'export function lazy(): never { throw new Error() }',
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      target: 'es2022',
      module: 'esnext',
      moduleResolution: 'bundler',
      declaration: true,
      declarationMap: true,
      strict: true,
      allowImportingTsExtensions: true,
      emitDeclarationOnly: true,
      skipLibCheck: true,
      types: [],
    },
    include: ['src'],
  }),
}

const isDeclaration = (name: string) => /\.d\.[cm]?ts(?:\.map)?$/.test(name)

/** It holds the source. */
const inlineMap = /\/\/# sourceMappingURL=data:\S+\n?$/

function declarationsOf(files: Built['files']): Built['files'] {
  return Object.fromEntries(Object.entries(files).filter(([name]) => isDeclaration(name)))
}

/** @param names of declarations and their maps that a build without us writes */
async function expectUntouched(built: Built, names: string[]): Promise<void> {
  expect(built.failure).toBeUndefined()
  expect(Object.keys(declarationsOf(built.plain))).toEqual(names)
  const plain = declarationsOf(built.plain)
  for (const [name, text] of Object.entries(plain)) {
    if (!inlineMap.test(text)) expect(built.files[name], name).toBe(text)
    else expect(built.files[name]?.trimEnd(), name).toBe(text.replace(inlineMap, '').trimEnd())
  }
  expect(Object.keys(declarationsOf(built.files))).toEqual(names)
  const recorded = built.records.flatMap(({ files }) => files.map(({ path }) => path))
  expect(recorded.filter(isDeclaration)).toEqual([])
  expect((await checkFolder(built.outDir)).problems).toEqual([])
}

describe.each([true, 'inline', 'hidden', undefined] as const)('sourcemap: %s', sourcemap => {
  const maps = sourcemap === true || sourcemap === 'hidden'

  test('rollup-plugin-dts writes nothing else', async () => {
    const ending = sourcemap ? 'mts' : 'cts'
    const dir = await place(project)
    const build = async (ours: unknown[], outDir: string) => {
      const bundle = await rollup({ input: join(dir, 'src/index.ts'), plugins: [rollupDts(), ours.flat() as never[]] })
      const entryFileNames = `[name].d.${ending}`
      await bundle.write({ dir: outDir, format: 'es', entryFileNames, ...(sourcemap && { sourcemap }) })
      await bundle.close()
    }
    const built = await buildTwice(dir, given => mapsealRollup(given) as unknown, build)
    await expectUntouched(built, [`index.d.${ending}`, ...(maps ? [`index.d.${ending}.map`] : [])])
    expect(built.report).toMatchObject({ scripts: 0, leaks: [] })
    expect(built.lines.filter(line => line.includes('No script'))).toEqual([])
  })

  test('rolldown-plugin-dts writes them beside the scripts', async () => {
    const dir = await place(project)
    const build = async (ours: unknown[], outDir: string) => {
      const dts = rolldownDts({ tsconfig: join(dir, 'tsconfig.json'), sourcemap: maps })
      const bundle = await rolldown({ cwd: dir, input: join(dir, 'src/index.ts'), plugins: [dts, ours as never] })
      const output: OutputOptions = { dir: outDir, format: 'es', ...(sourcemap && { sourcemap }) }
      await bundle.write(output)
      await bundle.close()
    }
    const built = await buildTwice(dir, given => mapsealRolldown(given) as unknown, build)
    await expectUntouched(built, ['index.d.ts', ...(maps ? ['index.d.ts.map'] : [])])
    expect(built.report).toMatchObject({ leaks: [] })
    expect(built.files['index.js']).toContain('//# debugId=')
  })
})

test('Rollup builds them after the scripts, as unbuild does: the report is that of the scripts', async () => {
  const dir = await place({ ...project, 'src/code.js': 'export const code = () => 1\n' })
  const build = async (ours: unknown[], outDir: string) => {
    const plugins = ours.flat() as never[]
    const scripts = await rollup({ input: join(dir, 'src/code.js'), plugins })
    await scripts.write({ dir: outDir, format: 'es' })
    await scripts.close()
    const types = await rollup({ input: join(dir, 'src/index.ts'), plugins: [rollupDts(), plugins] })
    await types.write({ dir: outDir, format: 'es', entryFileNames: '[name].d.ts' })
    await types.close()
  }
  const built = await buildTwice(dir, given => mapsealRollup(given) as unknown, build)
  await expectUntouched(built, ['index.d.ts'])
  expect(built.report).toMatchObject({ scripts: 1, decodable: 1 })
  expect(built.lines).toEqual([expect.stringContaining('1 script, 1 decodable')])
})

test('tsdown writes both formats', async () => {
  const dir = await place(project)
  const build = async (ours: unknown[], outDir: string) => {
    await tsdown({
      config: false,
      cwd: dir,
      entry: 'src/index.ts',
      outDir,
      format: ['esm', 'cjs'],
      dts: { sourcemap: true },
      sourcemap: true,
      logLevel: 'silent',
      plugins: ours as never[],
    })
  }
  const built = await buildTwice(dir, given => mapsealRolldown(given) as unknown, build)
  await expectUntouched(built, ['index.d.cts', 'index.d.cts.map', 'index.d.mts', 'index.d.mts.map'])
  expect(built.files['index.mjs']).toContain('//# debugId=')
  expect(built.files['index.cjs']).toContain('//# debugId=')
})

const dtsOfVite = (dir: string) => viteDts({ tsconfigPath: join(dir, 'tsconfig.json'), entryRoot: join(dir, 'src') })
const library = (dir: string) => ({ lib: { entry: join(dir, 'src/index.ts'), formats: ['es' as const] } })

test('vite-plugin-dts in library mode', async () => {
  const dir = await place(project)
  const built = await buildVite(vite8, dir, ours => [dtsOfVite(dir), ...ours], { build: library(dir) })
  await expectUntouched(
    built,
    ['index', 'lazy', 'two'].flatMap(name => [`${name}.d.ts`, `${name}.d.ts.map`]),
  )
  expect(built.report).toMatchObject({ leaks: [] })
})

test('mapseal seal leaves them, and takes a map that shows source', async () => {
  const dir = await place({
    ...project,
    'dist/a.d.ts': 'export declare const a: number;\n//# sourceMappingURL=a.d.ts.map',
    'dist/a.d.ts.map': '{"version":3,"file":"a.d.ts","sources":["../src/a.ts"],"names":[],"mappings":"AAAA"}',
    'dist/b.d.mts': 'export declare const b: number;\n//# sourceMappingURL=b.d.mts.map\n',
    'dist/b.d.mts.map':
      '{"version":3,"file":"b.d.mts","sources":["../src/b.ts"],"sourcesContent":["export const b = 1"],"names":[],"mappings":"AAAA"}',
    'dist/b.mjs': 'export const b = run(1)',
  })
  const before = (await checkFolder(join(dir, 'dist'))).problems.map(({ path }) => path)
  expect(before).toEqual(['b.d.mts.map', 'b.mjs'])
  const logger = { info() {}, warn() {}, error() {} }
  const report = await sealFolder('dist', { vault: 'vault', release: '1', onError: 'fail', logger }, dir)
  expect(report).toMatchObject({ scripts: 1, leaks: [] })
  const { readFile, readdir } = await import('node:fs/promises')
  expect(await readdir(join(dir, 'dist'))).toEqual(['a.d.ts', 'a.d.ts.map', 'b.d.mts', 'b.mjs'])
  expect(await readFile(join(dir, 'dist/a.d.ts'), 'utf8')).toBe(
    'export declare const a: number;\n//# sourceMappingURL=a.d.ts.map',
  )
  expect(await readFile(join(dir, 'dist/b.d.mts'), 'utf8')).toBe('export declare const b: number;\n')
})
