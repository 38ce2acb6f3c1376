import { expect, test } from 'vitest'
import { planOf } from '../src/plan.ts'
import { build, fileOfStack, reaching, run } from './build.ts'
import { server, useRecorder } from './recorder.ts'
import { uploadedNames } from './uploaded.ts'

/** The options at the top of Sentry's plugins, each by its name. */

useRecorder()

const rollup = (options: string, more = {}) => build({ bundler: 'rollup', options, ...more })

test('org and project: the server is asked for them, and each project has the files by one upload', async () => {
  const { code, stderr } = await rollup(reaching(server, `org: 'other', project: ['web', 'api']`))
  expect(code, stderr).toBe(0)
  expect(new Set(server.requests.map(({ path }) => path.split('/')[4]))).toEqual(new Set(['other']))
  expect([...server.bundles.values()].map(({ associations }) => associations)).toEqual([
    [{ projects: ['web', 'api'], version: '1.4.0' }],
  ])
})

test('org, project, authToken and url: empty counts as unset, and variables come after options', async () => {
  const env = {
    SENTRY_ORG: 'acme',
    SENTRY_PROJECT: 'web, api',
    SENTRY_AUTH_TOKEN: 'sntryu_secret',
    SENTRY_URL: server.url,
  }
  const options = `{ org: '', project: '', authToken: ' ', url: '', release: { name: '1', setCommits: false } }`
  const { code, stderr } = await rollup(options, { env })
  expect(code, stderr).toBe(0)
  expect([...server.bundles.values()][0]?.associations).toEqual([{ projects: ['web', 'api'], version: '1' }])
})

test.each([[[]], [['web', ' ']], [[1]]])('project: %j is refused when the plugin is made', project => {
  expect(() => planOf({ project: project as string[] })).toThrow('Name at least one project')
})

test('authToken: without it scripts are identified, nothing is sent, and the build passes and says so', async () => {
  const options = `{ org: 'acme', project: 'web', url: ${JSON.stringify(server.url)}, applicationKey: 'shop' }`
  const { code, stderr, dir, files } = await rollup(options)
  expect(code).toBe(0)
  expect(stderr).toContain('There is no auth token (SENTRY_AUTH_TOKEN, or "authToken"). Nothing is uploaded')
  expect(server.requests).toEqual([])
  expect([...files.keys()].filter(name => name.endsWith('.map'))).toEqual([])
  const globals = await run(dir)
  expect(Object.values(globals._sentryModuleMetadata ?? {})).toHaveLength(2)
  expect(Object.values(globals._sentryDebugIds ?? {})).toHaveLength(2)
})

test('url: a server that does not answer is a failure of the upload', async () => {
  const { code, stderr } = await rollup(reaching({ url: 'http://127.0.0.1:1' }))
  expect(code).toBe(1)
  expect(stderr).toContain('127.0.0.1:1')
})

test('headers: are those of every request', async () => {
  const { code } = await rollup(reaching(server, `headers: { 'X-Team': 'shop' }`))
  expect(code).toBe(0)
  expect(server.requests.length).toBeGreaterThan(3)
  expect(server.requests.filter(({ headers }) => headers['x-team'] !== 'shop')).toEqual([])
  expect(server.requests.every(({ headers }) => headers.authorization === 'Bearer sntryu_secret')).toBe(true)
})

test('debug: names the files that are uploaded and left out', async () => {
  const options = reaching(server, `debug: true, sourcemaps: { ignore: 'dist/lazy*' }`)
  const { stderr } = await rollup(options)
  expect(stderr).toMatch(/\[debug\] .*dist\/main-[^/]*\.js is uploaded\./)
  expect(stderr).toMatch(/\[debug\] .*dist\/lazy-[^/]*\.js is not uploaded\./)
})

test('silent: hides all but what became of source maps', async () => {
  const { code, stderr, stdout } = await rollup(reaching(server, 'silent: true'))
  expect([code, stderr, stdout]).toEqual([0, '', ''])
  const failing = await rollup(reaching({ url: 'http://127.0.0.1:1' }, 'silent: true, errorHandler() {}'))
  expect(failing.code).toBe(0)
  expect(failing.stderr.split('\n').filter(Boolean)).toEqual([
    '[mapseal] [sentry] Not delivered: the source maps are kept in the vault. Run `npx mapseal flush`, with sentryDestination() in mapseal.config.',
  ])
})

test('errorHandler: gets the error, and the build fails only if it throws', async () => {
  const unreachable = { url: 'http://127.0.0.1:1' }
  const without = await rollup(reaching(unreachable))
  expect(without.code).toBe(1)
  const handled = await rollup(
    reaching(unreachable, `errorHandler: error => console.log('got', error instanceof Error)`),
  )
  expect([handled.code, handled.stdout]).toEqual([0, 'got true\n'])
  const thrown = await rollup(
    reaching(unreachable, `errorHandler: error => { throw new Error('no release, no build') }`),
  )
  expect(thrown.code).toBe(1)
  expect(thrown.stderr).toContain('no release, no build')
})

test('telemetry: is accepted, and nothing is sent but to the server that is configured', async () => {
  const { code } = await rollup(reaching(server, 'telemetry: true'))
  expect(code).toBe(0)
  expect(server.requests.filter(({ path }) => !path.startsWith('/api/0/organizations/acme/'))).toEqual([])
})

test('disable: the output is that of a build without the plugin', async () => {
  const plain = await build({ bundler: 'rollup', whose: 'none' })
  const { code, stderr, files } = await rollup(`{ disable: true, unknown: 1, project: [] }`)
  expect([code, stderr]).toEqual([0, ''])
  expect([...files]).toEqual([...plain.files])
})

test('applicationKey: is in the metadata of every script', async () => {
  const { dir } = await rollup(reaching(server, `applicationKey: 'shop'`))
  const { _sentryModuleMetadata = {} } = await run(dir)
  expect(Object.values(_sentryModuleMetadata)).toEqual([
    { '_sentryBundlerPluginAppKey:shop': true },
    { '_sentryBundlerPluginAppKey:shop': true },
  ])
  expect(new Set(Object.keys(_sentryModuleMetadata).map(fileOfStack)).size).toBe(2)
})

test('moduleMetadata: an object, over the key', async () => {
  const metadata = `{ team: '</script>é', nested: { list: [1, null] } }`
  const { dir } = await rollup(reaching(server, `applicationKey: 'shop', moduleMetadata: ${metadata}`))
  const expected = { '_sentryBundlerPluginAppKey:shop': true, team: '</script>é', nested: { list: [1, null] } }
  expect(Object.values((await run(dir))._sentryModuleMetadata ?? {})).toEqual([expected, expected])
})

test('moduleMetadata: a function gets org, projects and release, once', async () => {
  const callback = `known => { console.log('called'); return { known } }`
  const { dir, stdout } = await rollup(reaching(server, `project: ['web', 'api'], moduleMetadata: ${callback}`))
  expect(stdout).toBe('called\n')
  const known = { org: 'acme', project: 'web', projects: ['web', 'api'], release: '1.4.0' }
  expect(Object.values((await run(dir))._sentryModuleMetadata ?? {})).toEqual([{ known }, { known }])
})

test('moduleMetadata: takes part in names and debug IDs', async () => {
  const names = async (value: string) => [
    ...(await rollup(reaching(server, `moduleMetadata: { team: '${value}' }`))).files,
  ]
  const [one, other] = [await names('a'), await names('b')]
  expect(one.map(([name]) => name)).not.toEqual(other.map(([name]) => name))
})

test.each([['"text"'], ['[]']])('moduleMetadata: %s is refused', async metadata => {
  const { code, stderr } = await rollup(`{ moduleMetadata: ${metadata} }`)
  expect(code).toBe(1)
  expect(stderr).toContain('"moduleMetadata" takes an object, or a function that returns one.')
})

test('_experiments.injectBuildInformation: sets SENTRY_BUILD_INFO', async () => {
  const { dir } = await rollup(reaching(server, '_experiments: { injectBuildInformation: true }'))
  expect((await run(dir)).SENTRY_BUILD_INFO).toEqual({
    deps: ['left-pad', 'react'],
    depsVersions: { react: 19 },
    nodeVersion: Number(process.versions.node.split('.')[0]),
  })
})

test('_experiments.forceExitOnBuildCompletion: is refused, with the reason', () => {
  expect(() => planOf({ _experiments: { forceExitOnBuildCompletion: true } })).toThrow('nothing of this plugin keeps')
  expect(() => planOf({ _experiments: { forceExitOnBuildCompletion: false } })).not.toThrow()
})

test('_metaOptions: its prefix stands before each line, its telemetry is accepted', async () => {
  const meta = `_metaOptions: { loggerPrefixOverride: '[wrapper]', telemetry: { metaFramework: 'x', bundlerMajorVersion: '4' } }`
  const { stderr } = await rollup(reaching(server, meta))
  expect(stderr).toMatch(/^\[wrapper\] 2 scripts, 2 decodable/m)
  expect(stderr).not.toContain('[mapseal]')
})

test.each([
  [{ orgg: 'acme' }, 'There is no option "orgg". Did you mean "org"?'],
  [{ sourcemaps: { asets: [] } }, 'There is no option "sourcemaps.asets". Did you mean "assets"?'],
  [{ release: 'v1' }, '"release" takes an object.'],
])('an option that does not exist is refused: %j', (options, message) => {
  expect(() => planOf(options as never)).toThrow(message)
})

test('.env.sentry-build-plugin: is found from a folder above, goes under variables, and stays out of the process', async () => {
  const files = {
    '.env.sentry-build-plugin': `SENTRY_AUTH_TOKEN="sntryu_file"\nSENTRY_ORG=acme\nSENTRY_PROJECT=web\nSENTRY_RELEASE=from-file\nSENTRY_URL=${server.url}\n`,
    '.git/HEAD': 'ref: refs/heads/main\n',
  }
  const options = `{ release: { setCommits: false } }`
  const before =
    'process.on("exit", () => console.log(JSON.stringify([process.env.SENTRY_AUTH_TOKEN, process.env.SENTRY_RELEASE])))'
  const { code, stderr, stdout, dir } = await rollup(options, {
    files,
    before,
    env: { SENTRY_AUTH_TOKEN: 'sntryu_set', SENTRY_ORG: '' },
  })
  expect(code, stderr).toBe(0)
  expect(stdout).toBe('["sntryu_set",null]\n')
  expect(server.requests.every(({ headers }) => headers.authorization === 'Bearer sntryu_set')).toBe(true)
  expect((await run(dir)).SENTRY_RELEASE).toEqual({ id: 'from-file' })
  expect(uploadedNames(server)).toHaveLength(4)
})

test('org: that of the token, which knows it', async () => {
  const facts = Buffer.from(JSON.stringify({ iat: 1, url: server.url, region_url: server.url, org: 'acme' })).toString(
    'base64',
  )
  const options = `{ project: 'web', authToken: 'sntrys_${facts}_${'a'.repeat(43)}', release: { name: '1', setCommits: false } }`
  const { code, stderr } = await rollup(options)
  expect(code, stderr).toBe(0)
  expect(new Set(server.requests.map(({ path }) => path.split('/')[4]))).toEqual(new Set(['acme']))
})

test('SENTRY_CUSTOM_HEADERS: are sent too, under those of the option', async () => {
  const env = { SENTRY_CUSTOM_HEADERS: 'X-Team: none; X-Env: qa' }
  const { code, stderr } = await rollup(reaching(server, `headers: { 'X-Team': 'shop' }`), { env })
  expect(code, stderr).toBe(0)
  const sent = server.requests.map(({ headers }) => `${headers['x-team']} ${headers['x-env']}`)
  expect(new Set(sent)).toEqual(new Set(['shop qa']))
})

test('sentry.properties: has token, organization, project and server', async () => {
  const text = `auth.token=sntryu_file\ndefaults.org=acme\ndefaults.project=web\ndefaults.url=${server.url}\n`
  const { code, stderr } = await rollup(`{ release: { name: '1', setCommits: false } }`, {
    files: { 'sentry.properties': text },
  })
  expect(code, stderr).toBe(0)
  expect(uploadedNames(server)).toHaveLength(4)
})

test('.sentryclirc: has token, organization, project and server', async () => {
  const files = { '.sentryclirc': `[auth]\ntoken=sntryu_file\n[defaults]\norg=acme\nproject=web\nurl=${server.url}\n` }
  const { code, stderr } = await rollup(`{ release: { name: '1', setCommits: false } }`, { files })
  expect(code, stderr).toBe(0)
  expect(uploadedNames(server)).toHaveLength(4)
})
