import { spawnSync } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { FlattenMap, originalPositionFor } from '@jridgewell/trace-mapping'
import { type BuildRecord, listFiles, openVault, type Report } from '@mapseal/core'
import { type DebugIds, parseStack, symbolicate } from '@mapseal/core/symbolicate'
import { rspack } from '@rspack/core'
import { type BuildOptions, build, type Plugin as EsbuildPlugin } from 'esbuild'
import type { Options } from 'mapseal'
import mapsealEsbuild from 'mapseal/esbuild'
import mapsealRolldown from 'mapseal/rolldown'
import mapsealRollup from 'mapseal/rollup'
import mapsealRspack from 'mapseal/rspack'
import mapseal from 'mapseal/vite'
import mapsealWebpack from 'mapseal/webpack'
import type { Page } from 'playwright-core'
import { rolldown } from 'rolldown'
import { rollup } from 'rollup'
import type { InlineConfig, Plugin } from 'vite'
import { onTestFinished } from 'vitest'
import webpack, { type Compiler, type Configuration } from 'webpack'
import type { RawMap } from '../matrix/oracle/mappings.ts'
import { openPage } from '../support/browser.ts'
import { serve } from '../support/serve.ts'

/** A build of the small app in company, and what it came to. */
export interface Built {
  dir: string
  /** The folder of the sealed build, absolute. */
  outDir: string
  /** The build's error, where it failed. */
  failure?: Error
  lines: string[]
  report?: Report
  records: BuildRecord[]
  /** The output's files by path. */
  files: Record<string, string>
  /** Those of the same build without Mapseal. */
  plain: Record<string, string>
}

const temp = join(import.meta.dirname, '../.tmp')

/** @param extra more files of the app, by path */
export async function place(extra: Record<string, string> = {}): Promise<string> {
  await mkdir(temp, { recursive: true })
  const dir = await mkdtemp(join(temp, 'case-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  await cp(join(import.meta.dirname, 'app'), dir, { recursive: true })
  await writeFile(join(dir, 'package.json'), '{ "name": "app", "type": "module" }')
  for (const [path, text] of Object.entries(extra)) {
    await mkdir(join(dir, path, '..'), { recursive: true })
    await writeFile(join(dir, path), text)
  }
  return dir
}

/** Builds with and without Mapseal; `build` gets what to put into the list of plugins, and the folder to write to. */
export async function buildTwice<Ours>(
  dir: string,
  plugin: (options: Options) => Ours,
  build: (ours: Ours[], outDir: string) => Promise<unknown>,
  options: Options = {},
): Promise<Built> {
  const lines: string[] = []
  const log = (line: string) => void lines.push(line)
  const logger = { info: log, warn: log, error: log }
  const vault = join(dir, 'vault')
  await build([], join(dir, 'plain'))
  const ours = plugin({
    vault,
    release: '1.2.3',
    onError: 'fail',
    report: join(dir, 'report.json'),
    logger,
    ...options,
  })
  const outDir = join(dir, 'dist')
  const failure = await build([ours], outDir).then(
    () => undefined,
    (cause: Error) => cause,
  )
  return {
    dir,
    outDir,
    ...(failure && { failure }),
    lines,
    report: await readFile(join(dir, 'report.json'), 'utf8').then(JSON.parse, () => undefined),
    records: await openVault(vault, dir).records(),
    files: await read(outDir),
    plain: await read(join(dir, 'plain')),
  }
}

type Vite = typeof import('vite')

/** Where in the list of plugins another one stands. */
export const places = ['before', 'after'] as const
export const listed = (where: (typeof places)[number], other: unknown) => (ours: unknown[]) =>
  where === 'before' ? [other, ...ours] : [...ours, other]

export function buildVite(
  vite: Pick<Vite, 'build'> & Partial<Pick<Vite, 'createBuilder'>>,
  dir: string,
  plugins: (ours: Plugin[]) => unknown[],
  { build: settings, ...config }: InlineConfig = {},
  options?: Options,
): Promise<Built> {
  const run = async (ours: unknown[], outDir: string) => {
    const inline: InlineConfig = {
      root: dir,
      configFile: false,
      logLevel: 'silent',
      ...config,
      plugins: plugins(ours.flat() as Plugin[]) as Plugin[],
      build: { ...settings, outDir },
    }
    // As the command does it; Vite 5 has no builder.
    if (vite.createBuilder) await (await vite.createBuilder(inline, null)).buildApp()
    else await vite.build(inline)
  }
  return buildTwice(dir, given => mapseal(given) as unknown, run, options)
}

/** Rollup and Rolldown. */
export function buildRollup(
  bundler: 'rollup' | 'rolldown',
  dir: string,
  plugins: (ours: unknown[]) => unknown[],
  options?: Options,
  sourcemap: boolean | 'hidden' = 'hidden',
): Promise<Built> {
  const input = { input: join(dir, 'src/shared.js'), cwd: dir }
  const run = async (ours: unknown[], outDir: string) => {
    const bundle =
      bundler === 'rollup'
        ? await rollup({ input: input.input, plugins: plugins(ours.flat()) as never[] })
        : await rolldown({ ...input, plugins: plugins(ours.flat()) as never[] })
    await bundle.write({ dir: outDir, format: 'es', ...(sourcemap && { sourcemap }) })
    await bundle.close()
  }
  return buildTwice(
    dir,
    given => (bundler === 'rollup' ? mapsealRollup : mapsealRolldown)(given) as unknown,
    run,
    options,
  )
}

export function buildEsbuild(
  dir: string,
  plugins: (ours: unknown[]) => unknown[],
  config: BuildOptions = {},
): Promise<Built> {
  const run = async (ours: unknown[], outdir: string) => {
    // Plugins that write files themselves know no other folder.
    const before = process.cwd()
    process.chdir(dir)
    try {
      await build({
        entryPoints: ['src/main.js'],
        bundle: true,
        format: 'esm',
        splitting: true,
        metafile: true,
        absWorkingDir: dir,
        logLevel: 'silent',
        ...config,
        outdir: relative(dir, outdir),
        plugins: plugins(ours) as EsbuildPlugin[],
      })
    } finally {
      process.chdir(before)
    }
  }
  return buildTwice(dir, given => mapsealEsbuild(given) as unknown, run)
}

export function buildWebpack(
  dir: string,
  plugins: (ours: unknown[]) => unknown[],
  config: Configuration = {},
  options?: Options,
): Promise<Built> {
  return buildCompiler(webpack, mapsealWebpack, { dir, plugins, config, options })
}

export function buildRspack(
  dir: string,
  plugins: (ours: unknown[]) => unknown[],
  config: Configuration = {},
  options?: Options,
): Promise<Built> {
  return buildCompiler(rspack as never, mapsealRspack as never, { dir, plugins, config, options })
}

interface CompilerBuild {
  dir: string
  plugins: (ours: unknown[]) => unknown[]
  config: Configuration
  options: Options | undefined
}

function buildCompiler(
  bundler: (config: Configuration) => Compiler | null,
  mapseal: typeof mapsealWebpack,
  { dir, plugins, config, options }: CompilerBuild,
): Promise<Built> {
  const run = async (ours: unknown[], outDir: string) => {
    const compiler = bundler({
      mode: 'production',
      context: dir,
      entry: join(dir, 'src/main.js'),
      module: { rules: [{ test: /\.css$/, type: 'asset/resource' }] },
      ...config,
      output: { path: outDir, filename: '[name].js', chunkFilename: 'lazy.js', ...config.output },
      plugins: plugins(ours) as Configuration['plugins'],
    })
    if (!compiler) throw new Error('no compiler was made')
    try {
      await new Promise<void>((done, fail) =>
        compiler.run((error, stats) => {
          if (error || stats?.hasErrors()) fail(error ?? new Error(stats?.toString({ all: false, errors: true })))
          else done()
        }),
      )
    } finally {
      await new Promise<void>(done => compiler.close(() => done()))
    }
  }
  return buildTwice(dir, given => mapseal(given) as unknown, run, options)
}

async function read(dir: string): Promise<Record<string, string>> {
  const names = await listFiles(dir).catch(() => [])
  return Object.fromEntries(
    await Promise.all(names.map(async name => [name, await readFile(join(dir, name), 'utf8')] as const)),
  )
}

/** A script of the output with its map: of the sealed build from the vault, of the other from beside it. */
export async function scriptsOf({ dir, files, plain, records }: Built, path: string): Promise<[Script, Script]> {
  const vault = openVault('vault', dir)
  const record = records.flatMap(build => build.files).find(file => file.path === path)
  const map = record?.map && JSON.parse(Buffer.from(await vault.read(record.map)).toString())
  return [
    { code: plain[path] as string, map: JSON.parse(plain[`${path}.map`] as string) },
    { code: files[path] as string, map },
  ]
}

/**
 * Where the first occurrence of a text leads by what the vault holds for the file: `source:line`, or the reason why it leads
 * nowhere.
 */
export async function originalOf({ dir, files, records }: Built, path: string, text: string): Promise<string> {
  const file = records.flatMap(build => build.files).find(file => file.path === path)
  const code = files[path]
  if (!file || code === undefined) throw new Error(`${path} is not in the ${file ? 'output' : 'record'}`)
  const before = code.slice(0, code.indexOf(text)).split('\n')
  if (!file.map) return (file as { problem?: string }).problem ?? 'no map'
  const map = FlattenMap(Buffer.from(await openVault('vault', dir).read(file.map)).toString())
  const { source, line } = originalPositionFor(map, { line: before.length, column: (before.at(-1) as string).length })
  return source === null ? 'nowhere' : `${source.split('/').at(-1)}:${line}`
}

interface Script {
  code: string
  map: RawMap | undefined
}

/** What sealing is meant to add to a script, and to take out of it. */
const added =
  /;!function\(\)\{try\{var e="undefined".*?\}catch\(e\)\{\}\}\(\);|\n?\/\/# debugId=[-\da-f]{36}\n?|\n?\/\/# sourceMappingURL=\S+|\/\*mapseal@[\w.-]+\*\//g

/**
 * How the files differ from those of the build without us: `+` for a file more, `-` for one less, `~` for one whose bytes are
 * others even without what sealing is meant to add. Hashes are left out of names, so one that has another is both.
 */
export function differences({ files, plain }: Built): string[] {
  const names = [...new Set([...Object.keys(files), ...Object.keys(plain)])].sort()
  return names.flatMap(name => {
    const [ours, theirs] = [files[name], plain[name]]
    const withoutHash = name.replace(/-[\w-]{8}(?=\.)/, '')
    if (ours === undefined) return [`- ${withoutHash}`]
    if (theirs === undefined) return [`+ ${withoutHash}`]
    return withoutSealing(ours) === withoutSealing(theirs) ? [] : [`~ ${name}`]
  })
}

/** A text without what sealing adds. The line of a comment that was in the middle stays, so that no other line moves. */
export function withoutSealing(text: string): string {
  return text.replaceAll(added, '').replaceAll(/\n+/g, '\n').trimEnd()
}

/**
 * The stacks that the app throws in a browser, each as the vault reads it: `source:line` of its first frame, by the debug ID
 * that the script registered and by the URL alone.
 */
export async function stacksIn({ outDir, dir }: Built, page = ''): Promise<Stacks> {
  const server = await serve(outDir)
  try {
    const open = await openPage(`${server.url}${page}`)
    try {
      await open.page.waitForFunction("document.title === 'ok'")
      if (open.problems.length > 0) throw new Error(open.problems.join('\n'))
      return await readStacks(open.page, dir)
    } finally {
      await open.close()
    }
  } finally {
    await server.close()
  }
}

export interface Stacks {
  byId: string[]
  byUrl: string[]
}

export async function readStacks(page: Page, dir: string): Promise<Stacks> {
  const stacks = (await page.evaluate('globalThis.__stacks')) as string[]
  const registered = (await page.evaluate('globalThis._sentryDebugIds')) as Record<string, string>
  const debugIds = Object.fromEntries(Object.entries(registered).map(([stack, id]) => [urlOf(stack), id]))
  return {
    byId: await Promise.all(stacks.map(stack => firstFrame(stack, dir, debugIds))),
    byUrl: await Promise.all(stacks.map(stack => firstFrame(stack, dir))),
  }
}

/** The same for an app that runs in Node; compressed scripts are unpacked for it. */
export async function thrownInNode({ outDir, dir, files }: Built): Promise<string[]> {
  for (const name of Object.keys(files).filter(name => name.endsWith('.gz')))
    await writeFile(join(outDir, name.slice(0, -3)), gunzipSync(await readFile(join(outDir, name))))
  const entry = Object.keys(files).find(name => /^(?:main|index)/.test(name)) as string
  const { stdout } = spawnSync(process.execPath, ['-e', runner, join(outDir, entry.replace(/\.gz$/, ''))], {
    encoding: 'utf8',
  })
  return Promise.all((JSON.parse(stdout) as string[]).map(stack => firstFrame(stack, dir)))
}

/** A page of webpack in a few lines: scripts are loaded as a browser loads them, one file after the other. */
const runner = `
  const { readFileSync } = require('node:fs'), { dirname, join } = require('node:path'), vm = require('node:vm')
  const folder = dirname(process.argv[1])
  const load = path => vm.runInThisContext(readFileSync(path, 'utf8'), { filename: path })
  const script = { getAttribute() {}, setAttribute() {}, parentNode: { removeChild() {} } }
  globalThis.self = globalThis.window = globalThis
  globalThis.location = { href: 'file:///' }
  globalThis.document = {
    currentScript: { src: 'file:///', tagName: 'SCRIPT' }, body: { append() {} }, createElement: () => ({ ...script }),
    getElementsByTagName: () => [],
    head: { appendChild(tag) { load(join(folder, tag.src.slice('file:///'.length).replace(/[?].*/, ''))); tag.onload?.({ type: 'load' }) } },
  }
  load(process.argv[1])
  setTimeout(() => process.stdout.write(JSON.stringify(globalThis.__stacks)))`

function urlOf(stack: string): string {
  const frame = parseStack(stack).find(line => line.kind === 'frame')
  if (frame?.kind !== 'frame') throw new Error(`no frame in ${stack}`)
  return frame.frame.url
}

async function firstFrame(stack: string, dir: string, debugIds: DebugIds = {}): Promise<string> {
  const { lines } = await symbolicate(stack, openVault('vault', dir), { debugIds })
  const frame = lines.find(line => line.kind === 'original' || line.kind === 'unresolved')
  if (frame?.kind !== 'original') return `unread: ${frame?.kind === 'unresolved' ? frame.message : stack}`
  return `${frame.original.source.split('/').at(-1)}:${frame.original.line}`
}
