import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { afterEach, expect, test } from 'vitest'
import { type SentryServer, type SentryServerOptions, startSentry } from '../../../test/support/sentry-server.ts'
import { uploadArtifacts } from '../src/sentry/upload/upload.ts'
import { type Build, listen, once, release, sourceText, toBuild } from './sentry-build.ts'

let server: SentryServer
afterEach(() => server?.close())

const token = 'sntryu_marked'
const small = () => toBuild({ 'app.js': sourceText('app', 2000), 'assets/page.js': sourceText('page', 900) })

async function start(options: SentryServerOptions = {}): Promise<void> {
  server = await startSentry({ token, ...options })
}

function upload(build: Build, { projects = ['web'], listener = listen(), signal = new AbortController().signal } = {}) {
  const config = { url: server.url, org: 'acme', projects, authToken: token, urlPrefix: '~' }
  const context = { ...listener.context, signal }
  return uploadArtifacts(config, build.record, once(build.artifacts), context, { firstPollMs: 5, pollMs: 5 })
}

test('asks first, sends what is missing, asks again', async () => {
  await start()
  expect(await upload(small())).toMatchObject({ artifacts: 2, message: '3 kB sent' })
  expect(server.calls()).toEqual([
    'GET chunk-upload/',
    'POST artifactbundle/assemble/',
    'POST chunk-upload/',
    'POST artifactbundle/assemble/',
  ])
  const [bundle] = server.bundles.values()
  expect(bundle?.associations).toEqual([{ projects: ['web'], version: 'web@1.2.3', dist: '42' }])
  expect([...(bundle?.entries.keys() ?? [])]).toEqual([
    'files/_/_/app.js',
    'files/_/_/app.js.map',
    'files/_/_/assets/page.js',
    'files/_/_/assets/page.js.map',
    'manifest.json',
  ])
})

test('without a release, only debug IDs', async () => {
  await start()
  const build = small()
  delete build.record.release
  await upload(build)
  expect(server.requests[1]?.json).not.toHaveProperty('version')
  expect([...server.bundles.values()][0]?.manifest).not.toHaveProperty('release')
})

test('an unchanged rebuild sends no chunk bytes, in 2 requests, or 3 while the server assembles', async () => {
  await start({ states: [] })
  await upload(small())
  server.clear()
  await upload(small())
  expect(server.calls()).toEqual(['GET chunk-upload/', 'POST artifactbundle/assemble/'])
  await server.close()

  await start({ states: ['created'] })
  await upload(small())
  server.clear()
  server.forgetStates()
  const { artifacts } = small()
  await upload({ ...small(), artifacts: artifacts.reverse() })
  expect(server.calls()).toHaveLength(3)
  expect(server.chunkBytes()).toBe(0)
})

function largeApp(changed: string): Build {
  const files: Record<string, string> = { 'vendor.js': sourceText('vendor', 1_000_000) }
  for (let i = 0; i < 100; i++) files[`routes/route-${i}.js`] = sourceText(`route ${i}`, 42_000)
  files['routes/route-57.js'] = `${files['routes/route-57.js']}\n${changed}`
  return toBuild(files)
}

test('a one-line change in one of 100 routes of a 10 MB app sends less than 10 % of the bytes', async () => {
  await start()
  const before = largeApp('console.log(1)')
  const size = before.artifacts.reduce((sum, { code, map }) => sum + code.length + (map?.length ?? 0), 0)
  expect(size).toBeGreaterThan(10_000_000)
  await upload(before)
  const all = server.chunkBytes()
  server.clear()
  await upload(largeApp('console.log(22)'))
  const share = server.chunkBytes() / all
  console.info(`first ${all} bytes, after a change ${server.chunkBytes()} (${(share * 100).toFixed(1)} %)`)
  expect(share).toBeLessThan(0.1)
  expect(server.calls()).toHaveLength(4)

  server.clear()
  const next = largeApp('console.log(22)')
  next.record.release = { ...release, name: 'web@1.2.4' }
  await upload(next)
  console.info(`after another release name ${((server.chunkBytes() / all) * 100).toFixed(1)} %`)
  expect(server.chunkBytes() / all).toBeLessThan(0.02)
})

test('a one-line change inside of one large file resends what is around it', async () => {
  await start()
  const lines = sourceText('one', 4_000_000).split('\n')
  await upload(toBuild({ 'app.js': lines.join('\n') }))
  const all = server.chunkBytes()
  server.clear()
  lines.splice(lines.length >> 1, 0, 'console.log(1)')
  await upload(toBuild({ 'app.js': lines.join('\n') }))
  console.info(`one large file: ${((server.chunkBytes() / all) * 100).toFixed(1)} %`)
  expect(server.chunkBytes() / all).toBeLessThan(0.2)
})

test('three projects: the payload once, one request to associate', async () => {
  await start()
  await upload(small(), { projects: ['web', 'api', 'docs'] })
  expect(server.calls().filter(call => call === 'POST chunk-upload/')).toHaveLength(1)
  expect([...server.bundles.values()][0]?.associations).toEqual([
    { projects: ['web', 'api', 'docs'], version: 'web@1.2.3', dist: '42' },
  ])
})

test('another release or other projects of the same files are not swallowed by the remembered answer', async () => {
  await start()
  await upload(small())
  server.clear()
  const next = { ...small() }
  next.record.release = { ...release, name: 'web@1.2.4' }
  await upload(next)
  await upload(next, { projects: ['web', 'api'] })
  await upload(next, { projects: ['web', 'docs'] })
  const associations = [...server.bundles.values()].flatMap(bundle => bundle.associations)
  expect(associations.map(({ version, projects }) => `${version} ${projects}`)).toEqual([
    'web@1.2.3 web',
    'web@1.2.4 web',
    'web@1.2.4 web,api',
    'web@1.2.4 web,docs',
  ])
  expect(new Set([...server.bundles.values()].map(bundle => bundle.manifest.debug_id)).size).toBe(1)
})

test('keeps within chunk size, chunks per request and request size', async () => {
  await start({ chunkSize: 100_001, chunksPerRequest: 3, maxRequestSize: 250_000, concurrency: 2 })
  await upload(toBuild({ 'app.js': sourceText('limits', 1_500_000) }))
  expect(server.requests.every(({ status }) => status === 200)).toBe(true)
  expect(server.bundles.size).toBe(1)
})

test('several bundles where one would be larger than the server takes', async () => {
  await start({ maxFileSize: 60_000 })
  const files = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`${i}.js`, sourceText(`${i}`, 20_000)]))
  expect(await upload(toBuild(files))).toMatchObject({ artifacts: 20 })
  expect(server.bundles.size).toBeGreaterThan(3)
  for (const { bytes } of server.bundles.values()) expect(bytes.length).toBeLessThan(60_000)
  const names = [...server.bundles.values()].flatMap(bundle => Object.keys(bundle.manifest.files))
  expect(new Set(names).size).toBe(40)
  await expect(upload(toBuild({ 'a.js': sourceText('a', 300_000) }))).rejects.toThrow('more than the server takes')
})

test('plain chunks and deflated entries where the server takes no gzip', async () => {
  await start({ compression: ['zstd'] })
  const build = toBuild({ 'app.js': sourceText('app', 50_000) })
  await upload(build)
  const [bundle] = server.bundles.values()
  const fields = server.requests.flatMap(({ parts }) => parts ?? []).map(({ field }) => field)
  expect([...new Set(fields)]).toEqual(['file'])
  expect(bundle?.bytes.length).toBeLessThan(60_000)
  expect(bundle?.entries.get('files/_/_/app.js')).toEqual(build.artifacts[0]?.code)
})

test('413: smaller requests, then smaller chunks', async () => {
  await start({ bodyLimit: 40_000, concurrency: 1 })
  await upload(toBuild({ 'app.js': sourceText('app', 1_500_000), 'b.js': sourceText('b', 30_000) }))
  expect(server.bundles.size).toBe(1)
  expect(server.requests.some(({ status }) => status === 413)).toBe(true)
  await server.close()
  await start({ bodyLimit: 500 })
  await expect(upload(toBuild({ 'app.js': sourceText('app', 100_000) }))).rejects.toThrow(/413.*Raise the body limit/)
})

test('equal chunks are sent once', async () => {
  await start()
  await upload(toBuild({ 'app.js': sourceText('block', 600_000).repeat(6) }))
  const sent = server.requests.flatMap(({ parts }) => parts ?? []).map(({ sha1 }) => sha1)
  expect(sent.length).toBe(new Set(sent).size)
  expect(
    (server.requests.find(({ path }) => isAssemble(path)) as { json: { chunks: string[] } }).json.chunks.length,
  ).toBeGreaterThan(sent.length)
})

test('two outputs with a file of the same name keep both', async () => {
  await start()
  const [client, ssr] = [toBuild({ 'entry.js': 'client()' }), toBuild({ 'entry.js': 'ssr()' })]
  client.artifacts.push(...ssr.artifacts)
  await upload(client)
  expect(Object.keys([...server.bundles.values()][0]?.manifest.files ?? {})).toEqual([
    'files/_/_/entry.js',
    'files/_/_/entry.js.1',
    'files/_/_/entry.js.map',
    'files/_/_/entry.js.map.1',
  ])
})

test('a server that answers "created" to anything gets everything first, as file_gzip', async () => {
  await start({
    accept: ['debug_files', 'artifact_bundles'],
    isVague: true,
    chunksPerRequest: 1,
    concurrency: 1,
    chunkSize: 32 << 20,
  })
  const { message } = await upload(small())
  expect(message).toContain('this server does not report the outcome')
  expect(server.calls().slice(0, 3)).toEqual([
    'GET chunk-upload/',
    'POST chunk-upload/',
    'POST artifactbundle/assemble/',
  ])
  expect(server.bundles.size).toBe(1)
})

test('creates the release first on a server that knows releases only', async () => {
  await start({ accept: ['release_files'] })
  await upload(small())
  expect(server.calls()).toEqual([
    'GET chunk-upload/',
    'POST releases/',
    'POST chunk-upload/',
    'POST releases/web@1.2.3/assemble/',
  ])
  expect([...server.bundles.values()][0]?.manifest).toMatchObject({ org: 'acme', release: 'web@1.2.3' })
  const nameless = small()
  delete nameless.record.release
  await expect(upload(nameless)).rejects.toThrow('by release only')
})

test('a redirect does not count as success', async () => {
  await start({
    intercept: ({ method, parts, path }) =>
      method === 'POST' && !parts && path.endsWith('chunk-upload/') ? { status: 302, body: '' } : undefined,
  })
  await expect(upload(small())).rejects.toThrow('302')
})

const isAssemble = (path: string) => path.endsWith('/assemble/')

test.each([
  ['states on the way', { states: ['created', 'assembling', 'assembling'] }, undefined],
  ['assembling for ever', { states: Array(9999).fill('assembling'), maxWait: 1 }, 'not processed the upload in 1 s'],
  ['error', answering({ state: 'error', detail: 'the bundle is invalid', missingChunks: [] }), 'the bundle is invalid'],
  ['error without words', answering({ state: 'error', missingChunks: [] }), 'no reason given'],
  ['an unknown state', answering({ state: 'splendid', missingChunks: [] }), 'no known state'],
  ['a chunk missing for ever', { intercept: missingForEver }, 'sent 3 times'],
  ["a chunk that is not the bundle's", answering({ state: 'not_found', missingChunks: ['f'.repeat(40)] }), 'does not'],
  [
    'a wrong project',
    { projects: ['other'] },
    '(One or more projects are invalid). Check the project "web" (SENTRY_PROJECT, or the option "project")',
  ],
  ['a wrong token', { token: 'another' }, '401 (Invalid token)'],
  ['no scope', refusing(403, { detail: 'You do not have permission' }), '403 (You do not have permission)'],
  ['no organization', refusing(404, { detail: 'The requested resource does not exist' }), 'SENTRY_ORG'],
  ['a server that repeats the token', refusing(400, { detail: `no ${token} here` }), '400 (no [redacted] here)'],
  ['a token in the outcome', answering({ state: 'error', detail: `no ${token}`, missingChunks: [] }), 'no [redacted]'],
  ['a page of HTML', refusing(200, '<html>sign in</html>'), 'html'],
  ['an empty answer', refusing(200, {}), 'Is SENTRY_URL a Sentry server?'],
  ['an unknown hash', refusing(200, { hashAlgorithm: 'md5' }), 'md5'],
] satisfies [string, SentryServerOptions, string | undefined][])('%s', async (_name, options, error) => {
  await start(options)
  const outcome = await upload(small()).then(
    () => undefined,
    cause => cause as Error,
  )
  if (error === undefined) expect(outcome).toBeUndefined()
  else expect(outcome?.message.toLowerCase()).toContain(error.toLowerCase())
  expect(outcome?.message ?? '').not.toContain(token)
})

function answering(body: unknown): SentryServerOptions {
  return { intercept: ({ path }) => (isAssemble(path) ? { status: 200, body } : undefined) }
}

function refusing(status: number, body: unknown): SentryServerOptions {
  return { intercept: () => ({ status, body }) }
}

function missingForEver({ path, json }: { path: string; json?: unknown }) {
  if (!isAssemble(path)) return undefined
  return { status: 200, body: { state: 'not_found', missingChunks: (json as { chunks: string[] }).chunks.slice(0, 1) } }
}

test('progress comes to its end, and a first delivery reports all of it', async () => {
  await start({ maxRequestSize: 1_000_000 })
  const listener = listen()
  await upload(largeApp(''), { listener })
  const [sent, total] = listener.progress.at(-1) ?? []
  expect(sent).toBe(total)
  expect(listener.progress.length).toBeGreaterThan(1)
})

test('sends no request without maps, and reports text that is not UTF-8', async () => {
  await start()
  expect(await upload({ record: { ...small().record, files: [] }, artifacts: [] })).toEqual({ artifacts: 0 })
  expect(server.requests).toEqual([])
  const build = small()
  build.artifacts.push({
    path: 'latin.js',
    debugId: build.artifacts[0]?.debugId ?? '',
    code: Buffer.from([0xe9, 0x3b]),
  })
  const listener = listen()
  expect(await upload(build, { listener })).toMatchObject({ artifacts: 2 })
  expect(listener.warnings.join()).toContain('latin.js is not UTF-8')
})

test('aborts, and leaves no temporary file', async () => {
  const before = (await readdir(tmpdir())).filter(name => name.startsWith('mapseal-bundle-'))
  await start({ latencyMs: 200 })
  const controller = new AbortController()
  const delivery = upload(small(), { signal: controller.signal })
  setTimeout(() => controller.abort(), 300)
  await expect(delivery).rejects.toThrow()
  expect((await readdir(tmpdir())).filter(name => name.startsWith('mapseal-bundle-'))).toEqual(before)
})

test.each(['a/b', 'latest', ' a', 'a\nb'])('the release %j is refused before anything is sent', async name => {
  await start()
  const build = toBuild({ 'a.js': 'a' }, { ...release, name })
  await expect(upload(build)).rejects.toThrow('cannot name a release at Sentry')
  expect(server.chunkBytes()).toBe(0)
})
