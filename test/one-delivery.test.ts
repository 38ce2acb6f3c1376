import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openVault } from '@mapseal/core'
import { rspack } from '@rspack/core'
import legacy from '@vitejs/plugin-legacy'
import { sentry } from 'mapseal/destinations/sentry'
import rspackPlugin from 'mapseal/rspack'
import vitePlugin from 'mapseal/vite'
import webpackPlugin from 'mapseal/webpack'
import { build, createBuilder } from 'vite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import webpack from 'webpack'
import { type SentryServer, startSentry } from './support/sentry-server.ts'

/** However many outputs a build has, it is one record, one release and one delivery. */

let dir: string
let server: SentryServer
const logger = { info() {}, warn() {}, error() {} }
beforeEach(async () => {
  await mkdir(join(import.meta.dirname, '.tmp'), { recursive: true })
  dir = await mkdtemp(join(import.meta.dirname, '.tmp/one-'))
  server = await startSentry()
  await mkdir(join(dir, 'src'))
  await writeFile(join(dir, 'package.json'), '{}')
  await writeFile(join(dir, 'index.html'), '<!doctype html><script type="module" src="/src/client.js"></script>')
  for (const name of ['client', 'server', 'worker']) {
    await writeFile(join(dir, `src/${name}.js`), `export const ${name} = () => console.log("${name}")\n${name}()\n`)
  }
})
afterEach(async () => {
  await server.close()
  await rm(dir, { recursive: true })
})

const options = (project: string | string[] = 'web') => ({
  vault: join(dir, 'vault'),
  release: '1.2.3',
  logger,
  destinations: [sentry({ org: 'acme', project, authToken: 'secret', url: server.url })],
})
const count = (method: string, path: RegExp) =>
  server.requests.filter(request => request.method === method && path.test(request.path)).length

test('Vite: client, legacy and SSR in one build', async () => {
  const builder = await createBuilder({
    root: dir,
    configFile: false,
    logLevel: 'silent',
    plugins: [legacy({ targets: ['chrome 60'] }), vitePlugin(options())],
    builder: {},
    environments: {
      client: { build: { outDir: join(dir, 'dist/client') } },
      ssr: {
        build: { outDir: join(dir, 'dist/server'), ssr: true, rollupOptions: { input: join(dir, 'src/server.js') } },
      },
    },
  })
  await builder.buildApp()
  const records = await openVault('vault', dir).records()
  expect(records).toHaveLength(1)
  const paths = (records[0]?.files ?? []).map(({ outDir, path }) => `${outDir}/${path}`)
  for (const part of [/client\/assets\/index-legacy/, /client\/assets\/index-(?!legacy)/, /server\/server\.m?js/]) {
    expect(paths).toContainEqual(expect.stringMatching(part))
  }
  expect(records[0]?.deliveries.sentry?.state).toBe('delivered')
  expect([count('GET', /chunk-upload/), server.bundles.size]).toEqual([1, 1])
})

test('Vite: the browser’s scripts and the server’s, which React Router 7 builds one after the other', async () => {
  const framework = { name: 'react-router' }
  const part = (ssr: boolean) =>
    build({
      root: dir,
      configFile: false,
      logLevel: 'silent',
      plugins: [framework, vitePlugin(options())],
      build: {
        ssr,
        outDir: join(dir, ssr ? 'dist/server' : 'dist/client'),
        ...(ssr && { rollupOptions: { input: join(dir, 'src/server.js') } }),
      },
    })
  await part(false)
  expect(server.requests).toEqual([])
  await part(true)
  const records = await openVault('vault', dir).records()
  expect(records.map(({ files }) => [...new Set(files.map(({ outDir }) => outDir))])).toEqual([
    ['dist/client', 'dist/server'],
  ])
  expect(records[0]?.deliveries.sentry?.state).toBe('delivered')
  expect([count('GET', /chunk-upload/), server.bundles.size]).toEqual([1, 1])
})

describe.each(['at the same time', 'one after the other'])('a multi-compiler, %s', order => {
  test.each(Object.entries({ webpack: [webpack, webpackPlugin], rspack: [rspack, rspackPlugin] } as const))(
    '%s',
    async (_, [bundler, mapseal]) => {
      const plugin = mapseal(options())
      const config = (name: string) => ({
        name,
        mode: 'production' as const,
        context: dir,
        entry: `./src/${name}.js`,
        output: { path: join(dir, 'dist', name) },
        dependencies: name === 'server' && order === 'one after the other' ? ['client'] : [],
        plugins: [plugin as never],
      })
      const compiler = (bundler as typeof webpack)([config('client'), config('server')])
      await new Promise<void>((done, fail) => {
        compiler.run(error => compiler.close(() => (error ? fail(error) : done())))
      })
      const records = await openVault('vault', dir).records()
      expect(records.map(({ files }) => files.map(({ outDir }) => outDir))).toEqual([['dist/client', 'dist/server']])
      expect([count('GET', /chunk-upload/), server.bundles.size]).toEqual([1, 1])
    },
  )
})

test('three projects get one upload', async () => {
  const builder = await createBuilder({
    root: dir,
    configFile: false,
    logLevel: 'silent',
    plugins: [vitePlugin(options(['web', 'api', 'docs']))],
  })
  await builder.buildApp()
  expect(count('POST', /chunk-upload/)).toBe(1)
  expect([...server.bundles.values()].map(({ associations }) => associations[0]?.projects)).toEqual([
    ['web', 'api', 'docs'],
  ])
})
