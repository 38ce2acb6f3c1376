import { execFile } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeRepository } from '../packages/destinations/test/git-repository.ts'
import { mapseal } from './support/command.ts'
import { type Assembled, type Recorded, type SentryServer, startSentry } from './support/sentry-server.ts'

/**
 * Command lines of `sentry-cli` that guides show, run by the real ones and by `mapseal`, in the same repository against the
 * same server. `docs/migrating.md` has each of them with ours beside it.
 */

const token = 'a'.repeat(64)
const require = createRequire(import.meta.url)
const sentryEntry = pathToFileURL(join(import.meta.dirname, '../packages/mapseal/src/destinations/sentry.ts')).href
const release = { version: 'v1.0', url: null, dateCreated: '2026-01-01T00:00:00.000Z', newGroups: 0, projects: [] }

let app: string
let version: string
beforeAll(async () => {
  const repository = makeRepository(await realpath(await mkdtemp(join(tmpdir(), 'mapseal-words-'))))
  app = repository.dir
  repository.commit('first', {
    'package.json': '{}',
    'src/app.js': 'export const pay = sum => { throw new Error(sum) }\n',
  })
  repository.git('tag', 'v1.0')
  version = repository.git('describe', '--tags', '--always')
  await build({
    absWorkingDir: app,
    entryPoints: ['src/app.js'],
    outdir: 'built',
    bundle: true,
    minify: true,
    sourcemap: true,
    format: 'esm',
    logLevel: 'silent',
  })
})
afterAll(() => rm(app, { recursive: true }))

type Client = 'sentry-cli-2' | 'sentry-cli-3' | 'mapseal'

function binary(name: string): string {
  const platform = `@sentry/cli-${process.platform}-${process.arch}/package.json`
  const manifest = require.resolve(`${name}/package.json`)
  return join(dirname(createRequire(manifest).resolve(platform)), 'bin/sentry-cli')
}

interface Run {
  code: number | null
  text: string
  /** Method, path and body of each, those of the upload itself left out. */
  requests: { call: string; body: unknown }[]
  bundle: Assembled | undefined
  uploads: Recorded[]
  /** What is in `dist` afterwards. */
  files: string[]
}

/** Runs a line in a fresh copy of the output. */
async function runLine(client: Client, line: string[]): Promise<Run> {
  await rm(join(app, 'dist'), { recursive: true, force: true })
  await rm(join(app, '.mapseal'), { recursive: true, force: true })
  await cp(join(app, 'built'), join(app, 'dist'), { recursive: true })
  const server = await startSentry({ token, intercept, takesNames: true })
  try {
    const env = {
      PATH: process.env.PATH,
      HOME: app,
      GIT_CONFIG_NOSYSTEM: '1',
      NO_PROXY: '127.0.0.1',
      SENTRY_URL: server.url,
      SENTRY_ORG: 'acme',
      SENTRY_PROJECT: 'web',
      SENTRY_AUTH_TOKEN: token,
      SENTRY_DISABLE_UPDATE_CHECK: '1',
    }
    const { code, stdout, stderr } =
      client === 'mapseal'
        ? await mapseal(line, { cwd: app, env: { ...env, CI: 'true' } })
        : await official(client, line, env)
    return { code, text: stdout + stderr, ...seenBy(server), files: (await readdir(join(app, 'dist'))).sort() }
  } finally {
    await server.close()
  }
}

async function official(client: Client, line: string[], env: NodeJS.ProcessEnv) {
  const failed = (cause: { code: number; stdout: string; stderr: string }) => cause
  const run = promisify(execFile)(binary(client), line, { cwd: app, env, timeout: 100_000 })
  return run.then(output => ({ code: 0, ...output }), failed)
}

/** What is besides uploads; both kinds of path mean the same. */
function intercept({ method, path }: Recorded): { status: number; body: unknown } | undefined {
  if (/\/(?:chunk-upload|assemble)\//.test(path)) return undefined
  if (path.includes('/repos/')) return { status: 200, body: [] }
  if (path.includes('/previous-with-commits/')) return { status: 200, body: {} }
  if (path.includes('/files/'))
    return { status: 200, body: [{ id: '1', name: '~/app.js', sha1: '', size: 1, headers: {} }] }
  if (path.includes('/deploys/') && method === 'POST')
    return { status: 201, body: { id: '1', environment: 'production' } }
  if (path.includes('/releases/') && method === 'GET') return { status: 200, body: [release] }
  if (path.includes('/releases/')) return { status: method === 'POST' ? 201 : 200, body: release }
  return undefined
}

function seenBy({ requests, bundles }: SentryServer): Pick<Run, 'requests' | 'bundle' | 'uploads'> {
  const isUpload = ({ path }: Recorded) => /\/(?:chunk-upload|assemble)\//.test(path)
  const others = requests.filter(request => !isUpload(request))
  return {
    requests: others.map(({ method, path, json }) => ({ call: `${method} ${normal(path)}`, body: withTimes(json) })),
    bundle: [...bundles.values()][0],
    uploads: requests.filter(isUpload),
  }
}

/** sentry-cli 2 asks by project where there is one; the server has both. Cursors and page sizes are each client's own. */
function normal(path: string): string {
  return decodeURIComponent(path)
    .replace('/api/0/projects/acme/web/releases/', '/releases/')
    .replace('/api/0/organizations/acme/releases/', '/releases/')
    .replace('/api/0/organizations/acme/', '/')
    .replace(/\?.*$/, '')
}

function withTimes(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return body
  const fixed = /^2023-11-14T22:1[34]:20(?:\.0+)?Z$/
  return Object.fromEntries(
    Object.entries(body).map(([key, value]) => [
      key,
      key.startsWith('date') && value ? (fixed.test(value) ? value.slice(0, 19) : 'a time') : value,
    ]),
  )
}

const deploy = ['--started', '1700000000', '--finished', '1700000060']

/** As in guides, `sentry-cli` and `VERSION` put in; and whether version 3 of it still knows the words. */
const lines: [line: string, isInVersion3: boolean][] = [
  ['releases new VERSION', true],
  ['releases new -p web VERSION', true],
  ['releases set-commits VERSION --auto', true],
  ['releases set-commits --auto VERSION', true],
  ['releases files VERSION list', false],
  ['releases list', true],
  ['releases finalize VERSION', true],
  ['releases deploys VERSION new -e production', true],
  [`releases deploys VERSION new --env production ${deploy.join(' ')}`, true],
]

const words = (line: string) => line.split(' ').map(word => (word === 'VERSION' ? version : word))

test.each(lines)(
  '%s',
  async (line, isInVersion3) => {
    const [old, current, ours] = [
      await runLine('sentry-cli-2', words(line)),
      await runLine('sentry-cli-3', words(line)),
      await runLine('mapseal', words(line)),
    ]
    expect([old.code, ours.code], ours.text).toEqual([0, 0])
    expect(current.code).toBe(isInVersion3 ? 0 : 2)
    if (!isInVersion3) expect(current.text).toContain('unrecognized subcommand')
    const requests = explained(line, ours.requests)
    expect(requests).not.toEqual([])
    expect(requests).toEqual(old.requests)
    if (isInVersion3) expect(requests).toEqual(current.requests)
  },
  100_000,
)

/** Ours without the differences that are meant. */
function explained(line: string, requests: Run['requests']): Run['requests'] {
  // The release is created before repositories are listed, so that a refused name is reported before anything else is done.
  if (line.includes('set-commits')) {
    expect(requests.slice(0, 2).map(({ call }) => call)).toEqual(['POST /releases/', 'GET /repos/'])
    return [requests[1], requests[0], ...requests.slice(2)] as Run['requests']
  }
  // A deploy is of the project that SENTRY_PROJECT names; sentry-cli takes it from -p alone, else marks all of the release.
  if (line.includes('deploys')) {
    const [{ call, body } = { call: '', body: {} }] = requests
    const { projects, ...rest } = body as { projects?: string[] }
    expect(projects).toEqual(['web'])
    return [{ call, body: rest }]
  }
  return requests
}

const uploads: [line: string, prefix: string][] = [
  ['releases files VERSION upload-sourcemaps ./dist', '~/'],
  ['releases files VERSION upload-sourcemaps ./dist --url-prefix ~/', '~/'],
  ['releases files VERSION upload-sourcemaps ./dist --url-prefix ~/static/js --rewrite', '~/static/js/'],
]

test.each(uploads)(
  '%s',
  async (line, prefix) => {
    const old = await runLine('sentry-cli-2', words(line))
    const ours = await runLine('mapseal', words(line))
    expect([old.code, ours.code], old.text + ours.text).toEqual([0, 0])
    // Version 3 has "sourcemaps upload" instead, which finds maps by debug ID.
    expect((await runLine('sentry-cli-3', words(line))).text).toContain('unrecognized subcommand')

    const calls = ({ uploads }: Run) => uploads.map(({ method, path }) => `${method} ${path}`)
    expect(calls(ours)).toEqual(calls(old))
    expect([ours.requests, old.requests]).toEqual([[], []])
    expect(ours.bundle?.associations).toEqual([{ projects: ['web'], version: 'v1.0' }])
    expect(ours.bundle?.associations).toEqual(old.bundle?.associations)
    // The same names, so that events are found by release and URL; and by debug ID, which sentry-cli does not give them here.
    const files = (run: Run) =>
      Object.values(run.bundle?.manifest.files ?? {}).map(
        ({ url, type, headers: { 'debug-id': id, ...headers } = {} }) => {
          expect(id === undefined).toBe(run === old)
          return { url, type, headers }
        },
      )
    expect(files(ours)).toEqual(files(old))
    expect(files(ours).map(({ url }) => url)).toEqual([`${prefix}app.js`, `${prefix}app.js.map`])
    // What guides do next with "find ./dist -name '*.map' -delete" is done.
    expect([old.files, ours.files]).toEqual([['app.js', 'app.js.map'], ['app.js']])
  },
  100_000,
)

describe('--rewrite', () => {
  const original = 'export const pay = sum => { throw new Error(sum) }\n'
  const section = (line: number, map: object) => ({
    offset: { line, column: 0 },
    map: { version: 3, names: [], ...map },
  })
  const indexed = {
    version: 3,
    sections: [
      section(0, { sources: ['one.ts'], sourcesContent: ['one()'], mappings: 'AAAA' }),
      section(1, { sources: ['../src/app.js', 'one.ts'], mappings: 'AAAA,CCAA' }),
    ],
  }

  beforeAll(async () => {
    await writeFile(join(app, 'built/parts.js'), 'one()\ntwo()\n//# sourceMappingURL=parts.js.map\n')
    await writeFile(join(app, 'built/parts.js.map'), JSON.stringify(indexed))
  })
  afterAll(async () => {
    for (const path of ['parts.js', 'parts.js.map']) await rm(join(app, 'built', path))
  })

  const upload = ['releases', 'files', 'v1.0', 'upload-sourcemaps', './dist']
  const mapIn = ({ bundle }: Run) => {
    const [name = ''] =
      Object.entries(bundle?.manifest.files ?? {}).find(([, { url }]) => url === '~/parts.js.map') ?? []
    return JSON.parse(bundle?.entries.get(name)?.toString() ?? '{}')
  }

  test.each([
    ['as sentry-cli 2 does by default', 'sentry-cli-2', upload, upload],
    ['as sentry-cli 2 does', 'sentry-cli-2', [...upload, '--rewrite'], [...upload, '--rewrite']],
    [
      'as sentry-cli 3 does',
      'sentry-cli-3',
      ['sourcemaps', 'upload', '-r', 'v1.0', './dist'],
      [...upload, '--rewrite'],
    ],
  ] as const)(
    'flattens maps, %s, and puts sources into them',
    async (_, client, line, own) => {
      const [theirs, ours] = [mapIn(await runLine(client, [...line])), mapIn(await runLine('mapseal', [...own]))]
      expect(theirs.sources).toEqual(['one.ts', '../src/app.js'])
      expect([ours.sources, ours.sections]).toEqual([theirs.sources, theirs.sections])
      // sentry-cli looks for sources in the working folder, where they are not: their names are relative to the map.
      expect([theirs.sourcesContent, ours.sourcesContent]).toEqual([
        ['one()', null],
        ['one()', original],
      ])
    },
    100_000,
  )

  test('--no-rewrite leaves them as they are', async () => {
    const line = [...upload, '--no-rewrite']
    const [theirs, ours] = [mapIn(await runLine('sentry-cli-2', line)), mapIn(await runLine('mapseal', line))]
    const sources = ({ sections }: { sections: { map: object }[] }) =>
      sections.map(({ map }) => ({ ...map, mappings: undefined }))
    expect(sources(theirs)).toEqual(sources(indexed))
    expect(sources(ours)).toEqual(sources(theirs))
  }, 100_000)

  test('mapseal seal does it where it is asked to', async () => {
    const config = `import { sentry } from ${JSON.stringify(sentryEntry)}\nexport default { destinations: [sentry()] }`
    await writeFile(join(app, 'mapseal.config.mjs'), config)
    const [plain, rewritten] = [
      mapIn(await runLine('mapseal', ['seal', 'dist', '--release', 'v1.0'])),
      mapIn(await runLine('mapseal', ['seal', 'dist', '--release', 'v1.0', '--rewrite'])),
    ]
    await rm(join(app, 'mapseal.config.mjs'))
    expect(plain.sections).toHaveLength(2)
    expect([rewritten.sections, rewritten.sourcesContent]).toEqual([undefined, ['one()', original]])
  }, 100_000)
})

describe('by other words', () => {
  test('mapseal seal uploads under the same names', async () => {
    await writeFile(
      join(app, 'mapseal.config.mjs'),
      `import { sentry } from ${JSON.stringify(sentryEntry)}\nexport default { destinations: [sentry()] }`,
    )
    const line = ['seal', 'dist', '--release', 'v1.0', '--dist', '7', '--url-prefix', '~/static/js', '--rewrite']
    const { code, bundle, text } = await runLine('mapseal', line)
    await rm(join(app, 'mapseal.config.mjs'))
    expect(code, text).toBe(0)
    expect(bundle?.associations).toEqual([{ projects: ['web'], version: 'v1.0', dist: '7' }])
    expect(Object.values(bundle?.manifest.files ?? {}).map(({ url }) => url)).toEqual([
      '~/static/js/app.js',
      '~/static/js/app.js.map',
    ])
  }, 60_000)

  test('the release is that of the plugin where none is given, and refusals are reported', async () => {
    const { code, requests } = await runLine('mapseal', ['release', 'new', '--org', 'acme', '-p', 'api', '--finalize'])
    expect(code).toBe(0)
    expect(requests).toMatchObject([{ call: 'POST /releases/', body: { projects: ['api'], dateReleased: 'a time' } }])
    const refused = await runLine('mapseal', ['release', 'new', 'a/b'])
    expect([refused.code, refused.requests]).toEqual([1, []])
    expect(refused.text).toContain('✗ sentry: "a/b" cannot name a release at Sentry: it holds a slash.')
  }, 60_000)
})

test('each line has its place in the docs', async () => {
  const page = (await readFile(join(import.meta.dirname, '../docs/migrating.md'), 'utf8'))
    .replaceAll('PROJECT', 'web')
    .replace(/["'](~\/[\w/]*)["']/g, '$1')
  for (const [line] of [...lines, ...uploads]) expect(page).toContain(`\`${line.replace(/\b170\d+/g, 'UNIX')}\``)
})
