/// <reference path="../matrix/toolchains.d.ts" />
import { join } from 'node:path'
import type { Options } from 'mapseal'
import { pluginMaker } from '../matrix/plugin.ts'
import type { Bundler } from '../matrix/types.ts'
import type { Cell, Host } from './grid.ts'

const silent = { info: () => {}, warn: () => {}, error: () => {} }

/** One build of the project in `dir`, into a folder of its own. Rejects as the bundler's own call does. */
export async function build(
  cell: Cell | undefined,
  dir: string,
  outDir: string,
  host = cell?.host as Host,
): Promise<void> {
  const options: Options = { vault: join(dir, 'vault'), release: '1.2.3', onError: 'fail', logger: silent }
  const ours = (await pluginMaker(host as Bundler, options))() as unknown[]
  const other = cell ? [otherPlugin(cell)] : []
  const plugins = cell?.place === 'before' ? [...other, ...ours] : [...ours, ...other]
  const place = { dir, outDir: join(dir, outDir), plugins: plugins.flat() as never[] }
  await run[host](place)
}

export interface Place {
  dir: string
  outDir: string
  plugins: never[]
  /** Where the bundler starts processes for it. @default true */
  minimize?: boolean
}

const input = ({ dir }: Place) => join(dir, 'src/main.js')

export const run: Record<Host, (place: Place) => Promise<unknown>> = {
  vite8: place => vite('vite', place),
  vite7: place => vite('@mapseal-test/vite7', place),
  async rollup(place) {
    const { rollup } = await import('rollup')
    const bundle = await rollup({ input: input(place), plugins: place.plugins, onwarn: () => {} })
    try {
      await bundle.write({ dir: place.outDir, format: 'es' })
    } finally {
      await bundle.close()
    }
  },
  async rolldown(place) {
    const { rolldown } = await import('rolldown')
    const bundle = await rolldown({ input: input(place), plugins: place.plugins, cwd: place.dir })
    try {
      await bundle.write({ dir: place.outDir, format: 'es' })
    } finally {
      await bundle.close()
    }
  },
  webpack: place => compile('webpack', place),
  rspack: place => compile('@rspack/core', place),
  async esbuild(place) {
    const { build } = await import('esbuild')
    await build({
      entryPoints: [input(place)],
      bundle: true,
      splitting: true,
      format: 'esm',
      outdir: place.outDir,
      absWorkingDir: place.dir,
      plugins: place.plugins,
      logLevel: 'silent',
    })
  },
}

async function vite(name: string, { dir, outDir, plugins }: Place): Promise<void> {
  const { createBuilder } = name === 'vite' ? await import('vite') : (await import('@mapseal-test/vite7')).vite
  const builder = await createBuilder({
    root: dir,
    configFile: false,
    logLevel: 'silent',
    plugins,
    build: { outDir, rollupOptions: { input: join(dir, 'src/main.js') } },
  } as never)
  await builder.buildApp()
}

async function compile(name: string, place: Place): Promise<void> {
  const module = (await import(name)) as { default?: unknown; webpack?: unknown; rspack?: unknown }
  const bundler = (module.rspack ?? module.default) as (config: object) => {
    run(done: (error: Error | null, stats?: { hasErrors(): boolean; toString(options: object): string }) => void): void
    close(done: () => void): void
  }
  const compiler = bundler({
    mode: 'production',
    context: place.dir,
    entry: input(place),
    output: { path: place.outDir, filename: '[name].js', chunkFilename: '[name].chunk.js' },
    // As in development mode, where webpack writes its files in spite of errors.
    optimization: { emitOnErrors: true, minimize: place.minimize ?? true },
    plugins: place.plugins,
  })
  try {
    await new Promise<void>((done, fail) =>
      compiler.run((error, stats) => {
        if (error) fail(error)
        else if (stats?.hasErrors()) fail(new Error(stats.toString({ all: false, errors: true })))
        else done()
      }),
    )
  } finally {
    await new Promise<void>(done => compiler.close(() => done()))
  }
}

/** Fails in its hook in the way that the cell says. */
function otherPlugin({ host, hook, action }: Cell): unknown {
  if (host === 'esbuild')
    return { name: 'other', setup: (build: EsbuildBuild) => build.onEnd(result => failOnEnd(action, result)) }
  if (host === 'webpack' || host === 'rspack')
    return { apply: (compiler: never) => tapCompiler(compiler, hook, action) }
  return { name: 'other', [hook]: () => fail(action) }
}

async function fail(action: Cell['action']): Promise<void> {
  if (action === 'throws') throw new Error('the other plugin failed')
  await hang()
}

/** Until the parent kills the process. */
async function hang(): Promise<never> {
  process.stdout.write('waiting\n')
  const alive = setInterval(() => {}, 1000)
  await new Promise(() => {})
  clearInterval(alive)
  throw new Error('unreachable')
}

interface EsbuildBuild {
  onEnd(callback: (result: { errors: object[] }) => unknown): void
}

function failOnEnd(action: Cell['action'], result: { errors: object[] }): unknown {
  const error = { text: 'the other plugin failed' }
  if (action === 'pushes an error') return void result.errors.push(error)
  if (action === 'returns an error') return { errors: [error] }
  return fail(action)
}

interface Tappable {
  tapPromise(options: object, callback: (subject: Compilation & { compilation?: Compilation }) => Promise<void>): void
}

interface Compilation {
  errors: Error[]
  hooks: { processAssets: Tappable }
}

function tapCompiler(
  compiler: {
    hooks: Record<string, Tappable> & {
      compilation: { tap(name: string, callback: (compilation: Compilation) => void): void }
    }
  },
  hook: string,
  action: Cell['action'],
): void {
  const failIn = async (compilation: Compilation) => {
    if (action === 'pushes an error') compilation.errors.push(new Error('the other plugin failed'))
    else await fail(action)
  }
  if (hook === 'processAssets') {
    // The last stage of all, where the files are complete.
    compiler.hooks.compilation.tap('other', compilation =>
      compilation.hooks.processAssets.tapPromise({ name: 'other', stage: 5000 }, () => failIn(compilation)),
    )
  } else
    (compiler.hooks[hook] as Tappable).tapPromise({ name: 'other' }, subject => failIn(subject.compilation ?? subject))
}
