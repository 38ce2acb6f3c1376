import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createVault, openStore } from '@mapseal/core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { runNode } from '../../../test/support/command.ts'
import { startServer, type TestServer } from './start.ts'
import { alikeKinds } from './stores.ts'

/** Sentry's bundler plugins, unmodified, and ours: a build on one side, the vault on the other. */

const adminToken = 'a'.repeat(64)
const require = createRequire(import.meta.url)
const resolved = (name: string) => JSON.stringify(require.resolve(name))

const vite = (plugin: string) => `
  import { build } from ${resolved('vite')}
  ${plugin}
  await build({ root: process.cwd(), logLevel: 'warn', configFile: false, plugins: [plugins],
    build: { sourcemap: 'hidden', minify: false, rollupOptions: { input: 'main.js' } } })`

const webpack = (plugin: string) => `
  import { createRequire } from 'node:module'
  const webpack = createRequire(import.meta.url)(${resolved('webpack')})
  ${plugin}
  const stats = await new Promise((done, fail) => webpack({ mode: 'production', context: process.cwd(), entry: './main.js', devtool: 'hidden-source-map',
    optimization: { minimize: false }, plugins: [plugins] }, (error, stats) => error ? fail(error) : done(stats)))
  if (stats.hasErrors()) throw new Error(stats.toString())`

const sentryOptions = `{ url: process.env.SENTRY_URL, org: 'acme', project: 'web', authToken: process.env.SENTRY_AUTH_TOKEN,
  telemetry: false, errorHandler(error) { throw error }, release: { name: 'web@1', setCommits: false } }`

/** CommonJS and modules alike. */
const load = (name: string, factory: string) => `
  import * as plugin from ${resolved(name)}
  const plugins = { ...plugin.default, ...plugin }.${factory}(${sentryOptions})`

const ours = (host: string) => `
  import mapseal from ${JSON.stringify(join(import.meta.dirname, `../../mapseal/src/${host}.ts`))}
  import { sentry } from ${JSON.stringify(join(import.meta.dirname, '../../destinations/src/sentry.ts'))}
  const plugins = mapseal({ release: 'web@1', vault: process.env.OWN_VAULT, onError: 'fail',
    destinations: [sentry({ url: process.env.SENTRY_URL, org: 'acme', project: 'web', authToken: process.env.SENTRY_AUTH_TOKEN, release: {} })] })`

const builds: [name: string, script: string][] = [
  ['@sentry/vite-plugin 5', vite(load('@sentry/vite-plugin-5', 'sentryVitePlugin'))],
  ['@sentry/vite-plugin 11', vite(load('@sentry/vite-plugin', 'sentryVitePlugin'))],
  ['@sentry/webpack-plugin 11', webpack(load('@sentry/webpack-plugin', 'sentryWebpackPlugin'))],
  ['Mapseal in Vite', vite(ours('vite'))],
  ['Mapseal in webpack', webpack(ours('webpack'))],
]

describe.each(alikeKinds)('on $name', store => {
  beforeAll(() => store.start())
  afterAll(() => store.stop())

  let server: TestServer
  let location: string
  let project: string
  beforeEach(async () => {
    project = await mkdtemp(join(tmpdir(), 'mapseal-server-plugin-'))
    await writeFile(join(project, 'package.json'), '{ "type": "module" }')
    await writeFile(join(project, 'main.js'), "import('./lazy.js').then(({ lazy }) => lazy())\n")
    await writeFile(join(project, 'lazy.js'), "export const lazy = () => { throw new Error('lazy') }\n")
    location = await store.location()
    server = await startServer({ vault: location, org: 'acme', projects: ['web', 'api'], adminToken })
  })
  afterEach(async () => {
    await server[Symbol.asyncDispose]()
    await rm(project, { recursive: true })
  })

  async function build(script: string, token = adminToken): Promise<{ text: string; failed: boolean }> {
    await writeFile(join(project, 'build.mjs'), script)
    const env = {
      HOME: project,
      CI: '1',
      SENTRY_URL: server.url,
      SENTRY_AUTH_TOKEN: token,
      OWN_VAULT: join(project, '.mapseal'),
    }
    const args = ['-C', 'mapseal-source', '--import', require.resolve('tsx'), 'build.mjs']
    const { code, stdout, stderr } = await runNode(args, { cwd: project, env })
    return { text: stdout + stderr, failed: code !== 0 }
  }

  test.each(builds)('%s', async (_, script) => {
    const { text, failed } = await build(script)
    expect(failed, `${text}\n${server.log.join('')}`).toBe(false)
    const records = await createVault(openStore(location, '/')).records()
    expect(records.length, `${text}\n${server.log.join('')}`).toBe(1)
    const [record] = records
    expect([record?.release?.name, record?.projects]).toEqual(['web@1', ['web']])
    const scripts = record?.files.filter(({ problem }) => problem === undefined) ?? []
    expect(scripts.length).toBeGreaterThanOrEqual(2)
    const answer = await fetch(`${server.url}/api/0/organizations/acme/releases/web@1/`, {
      headers: { Authorization: `Bearer ${adminToken}` },
    })
    expect(await answer.json()).toMatchObject({ version: 'web@1', projects: [{ slug: 'web' }] })
  })

  // The store is not asked.
  test.each(store.name === 'folder' ? builds : [])('%s: a wrong token is reported', async (_, script) => {
    const { text, failed } = await build(script, 'b'.repeat(64))
    expect(failed, text).toBe(true)
    expect(text).toMatch(/401|Invalid token|token/i)
    expect(await createVault(openStore(location, '/')).records()).toEqual([])
  })
})
