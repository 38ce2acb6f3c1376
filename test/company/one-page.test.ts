import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PluginBuild } from 'esbuild'
import { build } from 'esbuild'
import type { Options } from 'mapseal'
import mapsealEsbuild from 'mapseal/esbuild'
import mapsealRollup from 'mapseal/rollup'
import mapseal from 'mapseal/vite'
import { rollup } from 'rollup'
import * as vite8 from 'vite'
import { viteSingleFile } from 'vite-plugin-singlefile'
import { expect, test } from 'vitest'
import { type Built, buildTwice, place, stacksIn } from './cases.ts'

/** Several builds put their scripts into one page: a stack of each leads to its line, by whichever ID it is read. */

/** @param line of the error; the last to be loaded sets the title */
const script = (name: string, line: number, isLast: boolean) => `${'// a comment\n'.repeat(line - 3)}
function boom(order) {
  throw new Error('${name}' + order.price)
}
globalThis.__stacks ||= []
try { boom({}) } catch (error) { globalThis.__stacks.push(error.stack) }
document.title = ${isLast ? "'ok'" : "'loading'"}
`
const files = { 'src/one.js': script('one', 5, false), 'src/two.js': script('two', 9, true) }
const lines = ['one.js:5', 'two.js:9']

async function writePage(outDir: string, scripts: string[]): Promise<void> {
  const code = await Promise.all(scripts.map(name => readFile(join(outDir, name), 'utf8')))
  const tags = code.map(text => `<script type="module">${text}</script>`).join('\n')
  await writeFile(join(outDir, 'index.html'), `<!doctype html><html><body>\n${tags}</body></html>`)
  for (const name of scripts) await rm(join(outDir, name))
}

async function expectDecoded(built: Built): Promise<void> {
  expect(built.failure).toBeUndefined()
  expect(built.report).toMatchObject({ leaks: [], decodable: built.report?.scripts })
  expect(await stacksIn(built)).toEqual({ byId: lines, byUrl: lines })
}

const rollupOnce = async (dir: string, ours: unknown[], outDir: string, plugins: object[] = []) => {
  const bundle = await rollup({
    input: { one: join(dir, 'src/one.js'), two: join(dir, 'src/two.js') },
    plugins: [...ours, ...plugins] as never[],
  })
  const page = { name: 'page', writeBundle: () => writePage(outDir, ['one.js', 'two.js']) }
  await bundle.write({ dir: outDir, plugins: [page] })
  await bundle.close()
}

test('one Rollup build with two scripts', async () => {
  const dir = await place(files)
  await expectDecoded(await buildTwice(dir, mapsealRollup, (ours, outDir) => rollupOnce(dir, ours, outDir)))
})

const esbuildOne = (dir: string, name: string, outdir: string, plugins: unknown[]) =>
  build({
    entryPoints: [join(dir, 'src', name)],
    bundle: true,
    minify: true,
    absWorkingDir: dir,
    outdir,
    logLevel: 'silent',
    plugins: plugins as never[],
  })

const pageOf = (outDir: string) => ({
  name: 'page',
  setup: (build: PluginBuild) => build.onEnd(() => writePage(outDir, ['one.js', 'two.js'])),
})

test.each(['one instance of the plugin', 'one instance each'])(
  'two esbuild builds after one another, %s',
  async how => {
    const dir = await place(files)
    const plugin = (options: Options) => () => mapsealEsbuild(options)
    const run = async (ours: (() => unknown)[], outDir: string) => {
      const first = ours.map(make => make())
      const second = how === 'one instance each' ? ours.map(make => make()) : first
      await esbuildOne(dir, 'one.js', outDir, first)
      await esbuildOne(dir, 'two.js', outDir, [...second, pageOf(outDir)])
    }
    const built = await buildTwice(dir, plugin, run)
    await expectDecoded(built)
    expect(built.records).toHaveLength(1)
  },
)

test('an esbuild and a Rollup build', async () => {
  const dir = await place(files)
  const plugin = (options: Options) => [mapsealEsbuild(options), mapsealRollup(options)]
  const run = async (ours: unknown[][], outDir: string) => {
    await esbuildOne(
      dir,
      'one.js',
      outDir,
      ours.map(([esbuild]) => esbuild),
    )
    const bundle = await rollup({
      input: join(dir, 'src/two.js'),
      plugins: [
        ...ours.map(([, rollup]) => rollup),
        { name: 'page', closeBundle: () => writePage(outDir, ['one.js', 'two.js']) },
      ] as never[],
    })
    await bundle.write({ dir: outDir })
    await bundle.close()
  }
  await expectDecoded(await buildTwice(dir, plugin, run))
})

test('two Vite builds with vite-plugin-singlefile, the second into the page of the first', async () => {
  const page = (name: string) =>
    `<!doctype html><html><head><script type="module" src="/src/${name}.js"></script></head><body></body></html>`
  const dir = await place({ ...files, 'index.html': page('one'), 'two.html': page('two') })
  const run = async (ours: unknown[], outDir: string) => {
    const base = { root: dir, configFile: false, logLevel: 'silent' } as const
    const plugins = () => [viteSingleFile(), ...ours] as never[]
    await vite8.build({ ...base, plugins: plugins(), build: { outDir } })
    const merge = {
      name: 'merge',
      closeBundle: async () => {
        const [first, second] = await Promise.all(
          ['index.html', 'two.html'].map(name => readFile(join(outDir, name), 'utf8')),
        )
        const tag = /<script.*<\/script>/s.exec(second as string)?.[0] as string
        await writeFile(
          join(outDir, 'index.html'),
          (first as string).replace('</head>', () => `${tag}</head>`),
        )
        await rm(join(outDir, 'two.html'))
      },
    }
    await vite8.build({
      ...base,
      plugins: [...plugins(), merge],
      build: { outDir, emptyOutDir: false, rollupOptions: { input: join(dir, 'two.html') } },
    })
  }
  await expectDecoded(
    await buildTwice(
      dir,
      given => mapseal(given) as unknown,
      (ours, outDir) => run(ours.flat(), outDir),
    ),
  )
})
