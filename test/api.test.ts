import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type Plugin, rollup } from 'rollup'
import { dts } from 'rollup-plugin-dts'
import { ModuleKind, ScriptTarget, transpileDeclaration } from 'typescript'
import { expect, it } from 'vitest'
import { publishedPackages, ROOT, readJson } from '../scripts/packages.mjs'

/**
 * The public types of every entry, as users get them. A change to them is a change to review, so each has its snapshot.
 * Write them anew with `npx vitest run test/api.test.ts -u`.
 */

const snapshots = join(import.meta.dirname, 'api')

const entries = publishedPackages().flatMap(({ dir, name }) =>
  Object.entries(readJson(`${dir}/package.json`).exports).flatMap(([entry, conditions]) => {
    const source = typeof conditions === 'string' ? undefined : conditions['mapseal-source']
    return typeof source === 'string' ? [{ entry: join(name, entry), source: join(ROOT, dir, source) }] : []
  }),
)

const fileOf = (entry: string) => `${entry.replace(/^@mapseal\//, '').replaceAll('/', '-')}.d.ts`

it.each(entries)('$entry', async ({ entry, source }) => {
  await expect(await bundleTypes(source)).toMatchFileSnapshot(join(snapshots, fileOf(entry)))
})

it('has no snapshot of an entry that is gone', async () => {
  const expected = new Set(entries.map(({ entry }) => fileOf(entry)))
  expect((await readdir(snapshots)).filter(file => !expected.has(file))).toEqual([])
})

/** One declaration file with all that an entry names; other packages stay imports. */
async function bundleTypes(source: string): Promise<string> {
  const bundle = await rollup({
    input: source.replace(/\.ts$/, '.d.ts'),
    external: id => !/^[./]/.test(id),
    plugins: [declarations, dts()],
    onwarn(warning) {
      // A worker thread's entry exports nothing.
      if (warning.code !== 'EMPTY_BUNDLE') throw new Error(warning.message)
    },
  })
  const { output } = await bundle.generate({ format: 'es' })
  await bundle.close()
  return output[0].code
}

/** Makes `a.d.ts` of `a.ts`, file by file: `isolatedDeclarations` lets it go without a type checker, which takes seconds. */
const declarations: Plugin = {
  name: 'declarations',
  resolveId(id, importer) {
    if (importer === undefined) return resolve(ROOT, id)
    return id.startsWith('.') ? resolve(importer, '..', id.replace(/\.ts$/, '.d.ts')) : undefined
  },
  async load(id) {
    const fileName = id.replace(/\.d\.ts$/, '.ts')
    const compilerOptions = { isolatedDeclarations: true, module: ModuleKind.NodeNext, target: ScriptTarget.ES2022 }
    const { outputText, diagnostics = [] } = transpileDeclaration(await readFile(fileName, 'utf8'), {
      fileName,
      compilerOptions,
      reportDiagnostics: true,
    })
    if (diagnostics.length > 0) throw new Error(`${fileName}: ${JSON.stringify(diagnostics[0]?.messageText)}`)
    return outputText
  },
}
