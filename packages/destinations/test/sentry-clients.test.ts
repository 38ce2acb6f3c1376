import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Assembled, type Recorded, type SentryServer, startSentry } from '../../../test/support/sentry-server.ts'
import { uploadArtifacts } from '../src/sentry/upload/upload.ts'
import { listen, once, sourceText, toBuild } from './sentry-build.ts'

/** The real clients and ours, against the same server, with the same files. */

const run = promisify(execFile)
const token = 'a'.repeat(64)
const build = toBuild({
  'app.js': sourceText('app', 30_000),
  'assets/page-[id].js': sourceText('page', 8000),
  'sp ace/ü.js': sourceText('space', 500),
  'z.js': 'z()',
})

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mapseal-clients-'))
  for (const { path, code, map } of build.artifacts) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), code)
    if (map) await writeFile(join(folder, `${path}.map`), map)
  }
})
afterAll(() => rm(folder, { recursive: true }))

let server: SentryServer
afterEach(() => server.close())

const require = createRequire(import.meta.url)
const manifests = {
  'sentry-cli-2': require.resolve('sentry-cli-2/package.json'),
  'sentry-cli-3': require.resolve('sentry-cli-3/package.json'),
}

/** In the platform's package, which may be beside the client's or inside of it. */
function binary(name: keyof typeof manifests): string {
  const platform = `@sentry/cli-${process.platform}-${process.arch}/package.json`
  return join(dirname(createRequire(manifests[name]).resolve(platform)), 'bin/sentry-cli')
}

async function official(name: keyof typeof manifests, projects: string[]): Promise<void> {
  const args = ['sourcemaps', 'upload', '--no-rewrite', '--release', 'web@1.2.3', '--dist', '42', '--wait', folder]
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    SENTRY_URL: server.url,
    SENTRY_ORG: 'acme',
    SENTRY_AUTH_TOKEN: token,
  }
  await run(binary(name), [...args, ...projects.flatMap(project => ['-p', project])], { env, cwd: folder })
}

async function ours(projects: string[]): Promise<void> {
  const config = { url: server.url, org: 'acme', projects, authToken: token, urlPrefix: '~' }
  await uploadArtifacts(config, build.record, once(build.artifacts), listen().context)
}

interface Seen {
  calls: string[]
  assembles: unknown[]
  bundle: Assembled
  chunk: Recorded
}

async function watch(deliver: () => Promise<void>, accept?: string[]): Promise<Seen> {
  server = await startSentry({ token, states: ['created'], ...(accept && { accept }) })
  await deliver()
  const [bundle] = server.bundles.values()
  const chunk = server.requests.find(({ parts }) => parts)
  if (!bundle || !chunk) throw new Error('nothing arrived')
  const assembles = server.requests
    .filter(({ path }) => path.endsWith('/assemble/'))
    .map(({ json }) => ({ ...(json as object), checksum: '', chunks: [] }))
  return { calls: server.calls(), assembles, bundle, chunk }
}

test.each([
  ['sentry-cli-2', ['web']],
  ['sentry-cli-3', ['web']],
  ['sentry-cli-2', ['web', 'api', 'docs']],
  ['sentry-cli-3', ['web', 'api', 'docs']],
] as const)('%s and ours ask the same and send the same, for %j', async (name, projects) => {
  const theirs = await watch(() => official(name, [...projects]))
  await server.close()
  const mine = await watch(() => ours([...projects]))

  expect(mine.calls).toEqual(theirs.calls)
  expect(mine.assembles).toEqual(theirs.assembles)
  expect(Object.keys(mine.assembles[0] as object)).toEqual(Object.keys(theirs.assembles[0] as object))
  expect(mine.bundle.associations).toEqual(theirs.bundle.associations)
  expect(mine.bundle.manifest.files).toEqual(theirs.bundle.manifest.files)
  const attributes = ({ files, debug_id, projects, ...rest }: Assembled['manifest']) => rest
  expect(attributes(mine.bundle.manifest)).toEqual(attributes(theirs.bundle.manifest))
  const common = Object.keys(mine.bundle.manifest).filter(key => key !== 'projects')
  expect(common).toEqual(Object.keys(theirs.bundle.manifest))
  expect(JSON.stringify(mine.bundle.manifest.files)).toBe(JSON.stringify(theirs.bundle.manifest.files))

  const contents = ({ entries }: Assembled) => [...entries].filter(([path]) => path !== 'manifest.json')
  expect(contents(mine.bundle)).toEqual(contents(theirs.bundle))
  expect([...mine.bundle.entries.keys()]).toEqual([...theirs.bundle.entries.keys()])
  expect(mine.chunk.headers.authorization).toBe(theirs.chunk.headers.authorization)
  // Ours are deflated already; the manifest, in the last, is not.
  expect(theirs.chunk.parts?.map(part => part.field)).toEqual(['file_gzip'])
  expect(mine.chunk.parts?.map(part => part.field)).toEqual(['file', 'file', 'file_gzip'])
})

test('a server without missing chunks: all of them first, as sentry-cli 2 does', async () => {
  const accept = ['debug_files', 'release_files', 'artifact_bundles']
  const theirs = await watch(() => official('sentry-cli-2', ['web']), accept)
  await server.close()
  const mine = await watch(() => ours(['web']), accept)
  expect(mine.calls).toEqual(theirs.calls)
  expect(mine.calls.slice(0, 3)).toEqual(['GET chunk-upload/', 'POST chunk-upload/', 'POST artifactbundle/assemble/'])
  expect(mine.assembles).toEqual(theirs.assembles)
})

test('a server that knows releases only: the same assembly as sentry-cli 2', async () => {
  const accept = ['release_files']
  const theirs = await watch(() => official('sentry-cli-2', ['web']), accept)
  await server.close()
  const mine = await watch(() => ours(['web']), accept)
  expect(mine.calls.slice(-2)).toEqual(theirs.calls.slice(-2))
  expect(mine.assembles).toEqual(theirs.assembles)
  expect(mine.bundle.manifest.files).toEqual(theirs.bundle.manifest.files)
})

test.each(['sentry-cli-2', 'sentry-cli-3'] as const)("%s reads our bundle's manifest", async name => {
  const { bundle } = await watch(() => ours(['web']))
  const file = join(folder, 'bundle')
  await writeFile(file, bundle.bytes)
  const { stdout } = await run(binary(name), ['debug-files', 'check', '--json', file])
  expect(JSON.parse(stdout)).toMatchObject({
    type: 'sourcebundle',
    variants: [{ debug_id: bundle.manifest.debug_id }],
    is_usable: true,
    problem: null,
  })
})
