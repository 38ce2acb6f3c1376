import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Assembled, type Recorded, type SentryServer, startSentry } from '../../../test/sentry-server.ts'
import { uploadArtifacts } from '../src/sentry/upload.ts'
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

function binary(name: 'sentry-cli-2' | 'sentry-cli-3'): string {
  const require = createRequire(createRequire(import.meta.url).resolve(`${name}/package.json`))
  return join(
    dirname(require.resolve(`@sentry/cli-${process.platform}-${process.arch}/package.json`)),
    'bin/sentry-cli',
  )
}

async function official(name: 'sentry-cli-2' | 'sentry-cli-3', projects: string[]): Promise<void> {
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

async function watch(projects: string[], deliver: () => Promise<void>): Promise<Seen> {
  server = await startSentry({ token, states: ['created'] })
  await deliver()
  const [bundle] = server.bundles.values()
  const chunk = server.requests.find(({ parts }) => parts)
  if (!bundle || !chunk) throw new Error('nothing arrived')
  const assembles = server.requests
    .filter(({ path }) => path.endsWith('/assemble/'))
    .map(({ json }) => ({ ...(json as object), checksum: '', chunks: [] }))
  expect(bundle.associations.every(association => association.projects.length === projects.length)).toBe(true)
  return { calls: server.calls(), assembles, bundle, chunk }
}

test.each([
  ['sentry-cli-2', ['web']],
  ['sentry-cli-3', ['web']],
  ['sentry-cli-2', ['web', 'api', 'docs']],
  ['sentry-cli-3', ['web', 'api', 'docs']],
] as const)('%s and ours ask the same and send the same, for %j', async (name, projects) => {
  const theirs = await watch([...projects], () => official(name, [...projects]))
  await server.close()
  const mine = await watch([...projects], () => ours([...projects]))

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
  expect(mine.chunk.parts?.[0]?.field).toBe(theirs.chunk.parts?.[0]?.field)
})

test.each(['sentry-cli-2', 'sentry-cli-3'] as const)("%s reads our bundle's manifest", async name => {
  const { bundle } = await watch(['web'], () => ours(['web']))
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
