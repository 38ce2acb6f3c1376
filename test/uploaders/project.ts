import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Artifact, BuildRecord } from '@mapseal/core'
import { rollup } from 'rollup'
import { build } from 'vite'
import webpack from 'webpack'

/** A project of one entry and one lazy chunk, which an uploader's plugin builds. */
export interface Project {
  dir: string
  dist: string
  [Symbol.asyncDispose](): Promise<void>
}

export async function makeProject(): Promise<Project> {
  const temp = join(import.meta.dirname, '../.tmp')
  await mkdir(temp, { recursive: true })
  const dir = await mkdtemp(join(temp, 'uploaders-'))
  const git = (...args: string[]) => execFileSync('git', ['-C', dir, ...args])
  git('init', '--quiet')
  git('remote', 'add', 'origin', 'https://user:t0k3n@git.example/acme/shop.git')
  await writeFile(join(dir, 'package.json'), '{ "name": "shop", "type": "module" }')
  await writeFile(join(dir, 'main.js'), "export const main = () => import('./lazy.js')\n")
  await writeFile(join(dir, 'lazy.js'), "export const lazy = () => { throw new Error('größe') }\n")
  git('add', '--all')
  git('-c', 'user.name=Dev', '-c', 'user.email=dev@example.com', 'commit', '--quiet', '--message', 'first')
  return { dir, dist: join(dir, 'dist'), [Symbol.asyncDispose]: () => rm(dir, { recursive: true }) }
}

const names = { entryFileNames: '[name].js', chunkFileNames: '[name].js' }

export async function buildWithRollup({ dir, dist }: Project, plugins: unknown[] = []): Promise<void> {
  const bundle = await rollup({ input: join(dir, 'main.js'), plugins: plugins as [] })
  await bundle.write({ dir: dist, sourcemap: 'hidden', ...names })
  await bundle.close()
}

export async function buildWithVite({ dir, dist }: Project, plugins: unknown[]): Promise<void> {
  await build({
    root: dir,
    logLevel: 'silent',
    configFile: false,
    plugins: plugins as [],
    build: {
      outDir: dist,
      sourcemap: 'hidden',
      rollupOptions: { input: join(dir, 'main.js'), output: names, preserveEntrySignatures: 'strict' },
    },
  })
}

export function buildWithWebpack({ dir, dist }: Project, plugins: unknown[]): Promise<void> {
  const compiler = webpack({
    context: dir,
    entry: './main.js',
    mode: 'production',
    devtool: 'hidden-source-map',
    output: { path: dist, filename: '[name].js', chunkFilename: 'lazy.js', library: { type: 'commonjs' } },
    plugins: plugins as [],
  })
  return new Promise((resolve, reject) => {
    compiler?.run((error, stats) => {
      compiler.close(() => {
        if (error || stats?.hasErrors()) reject(error ?? new Error(stats?.toString()))
        else resolve()
      })
    })
  })
}

/** The scripts of a folder with their maps, as the vault would have them. */
export async function artifactsOf(dist: string): Promise<Artifact[]> {
  const maps = (await readdir(dist, { recursive: true })).filter(path => path.endsWith('.js.map')).sort()
  return Promise.all(
    maps.map(async (name, index) => ({
      path: name.slice(0, -'.map'.length),
      debugId: `0000000${index}-0000-8000-8000-000000000000`,
      code: await readFile(join(dist, name.slice(0, -'.map'.length))),
      map: await readFile(join(dist, name)),
    })),
  )
}

export function recordOf(artifacts: Artifact[]): BuildRecord {
  const blob = { sha256: '', size: 1, pack: '', offset: 0, length: 0, crc32: 0 }
  const files = artifacts.map(({ path, debugId }) => ({ path, debugId, outDir: 'dist', code: blob, map: blob }))
  const release = { name: '1.4.0', source: 'test' }
  return { id: 'b', version: 1, createdAt: '2026-11-29T00:00:00.000Z', release, files, deliveries: {} }
}

const require = createRequire(join(import.meta.dirname, '../toolchains/uploaders/package.json'))

/** An uploader's package; as a module where it has no CommonJS that can be required. */
export function load(name: string): Promise<Record<string, unknown>> {
  return import(require.resolve(name))
}

/** A file of its package; by default its manifest. */
export function packageFile(name: string, path = 'package.json'): string {
  const [found] = require.resolve.paths(name)?.filter(dir => existsSync(join(dir, name, path))) ?? []
  if (!found) throw new Error(`${name} is not installed.`)
  return join(found, name, path)
}
