import type { Artifact, BuildRecord, DeliveryContext, Destination } from '@mapseal/core'
import { createFetch } from '@mapseal/core/http'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { airbrake } from '../src/airbrake.ts'
import { appsignal } from '../src/appsignal.ts'
import { bugsnag } from '../src/bugsnag.ts'
import { partOf, type Recorded, type Recorder, startRecorder } from '../src/contract/index.ts'
import { datadog } from '../src/datadog.ts'
import { faro } from '../src/faro.ts'
import { honeybadger } from '../src/honeybadger.ts'
import { http } from '../src/http.ts'
import { newrelic } from '../src/newrelic.ts'
import { raygun } from '../src/raygun.ts'
import { rollbar } from '../src/rollbar.ts'
import { createPace } from '../src/vendor/pace.ts'
import { container, contentHash } from '../src/vendor/posthog-container.ts'
import { makeRepository, removeFolders } from './git-repository.ts'

let recorder: Recorder
beforeEach(async () => {
  recorder = await startRecorder()
})
afterEach(() => recorder.close())

const artifactOf = (path: string): Artifact => ({
  path,
  debugId: '11111111-2222-8333-8444-555555555555',
  code: Buffer.from('void 0'),
  map: Buffer.from(`{"version":3,"sources":["${path}"],"names":[],"mappings":"AAAA"}`),
})

/** @param size of each map, as the record has it */
function buildOf(artifacts: Artifact[], size = 1, facts: Partial<BuildRecord> = {}): BuildRecord {
  const blob = { sha256: '', size, pack: '', offset: 0, length: 0, crc32: 0 }
  const files = artifacts.map(({ path, debugId }) => ({ path, debugId, outDir: '', code: blob, map: blob }))
  const release = { name: '1.4.0', source: 'test' }
  return { id: 'build-1', version: 1, createdAt: '', release, files, deliveries: {}, ...facts }
}

async function inContext<Result>(
  work: (context: DeliveryContext) => Promise<Result>,
  more: Partial<DeliveryContext> = {},
): Promise<Result> {
  const { signal } = new AbortController()
  const client = createFetch({ signal, userAgent: 'mapseal/test', timeouts: { backoff: 1 } })
  const logger = { info() {}, warn() {}, error() {} }
  try {
    return await work({ fetch: client.fetch, signal, logger, ...more })
  } finally {
    await client.close()
  }
}

const deliver = (
  destination: Destination,
  paths: string[],
  { size, facts, context }: { size?: number; facts?: Partial<BuildRecord>; context?: Partial<DeliveryContext> } = {},
) =>
  inContext(async given => {
    const artifacts = paths.map(artifactOf)
    const each = (async function* () {
      yield* artifacts
    })()
    return destination.deliver(buildOf(artifacts, size, facts), each, given)
  }, context)

const fieldOf = (name: string) => (request: Recorded) => partOf(request, name)?.toString()

describe('urls', () => {
  const names = async (
    paths: string[],
    options: Parameters<typeof rollbar>[0],
    more?: Parameters<typeof deliver>[2],
  ) => {
    await deliver(rollbar({ accessToken: 't0ken', url: recorder.origin, ...options }), paths, more)
    return recorder.requests.map(fieldOf('minified_url')).sort()
  }

  test('are a prefix and the path as browsers write it', async () => {
    expect(await names(['assets/[id] größe#1.js'], { urls: 'https://shop.example/' })).toEqual([
      'https://shop.example/assets/[id]%20gr%C3%B6%C3%9Fe%231.js',
    ])
  })

  test('are what a function says, several for one file too', async () => {
    const urls = (path: string) => [`https://a.example/${path}`, `https://b.example/${path}`]
    expect(await names(['x.js'], { urls })).toEqual(['https://a.example/x.js', 'https://b.example/x.js'])
  })

  test('are those of all destinations, unless it has its own; those of a command go before both', async () => {
    const context = { urls: (path: string) => [`https://all.example/${path}`] }
    expect(await names(['x.js'], {}, { context })).toEqual(['https://all.example/x.js'])
    recorder.requests.length = 0
    expect(await names(['x.js'], { urls: 'https://own.example' }, { context })).toEqual(['https://own.example/x.js'])
    recorder.requests.length = 0
    const facts = { urlPrefix: 'https://command.example' }
    expect(await names(['x.js'], { urls: 'https://own.example' }, { context, facts })).toEqual([
      'https://command.example/x.js',
    ])
  })

  test('have to be set', async () => {
    await expect(names(['x.js'], {})).rejects.toThrow(
      /\[rollbar\].*x\.js has none\. Set the option `urls` of mapseal\(\)/,
    )
  })
})

test('a release has to be set for vendors that find maps by it', async () => {
  const destination = rollbar({ accessToken: 't0ken', url: recorder.origin, urls: 'https://shop.example' })
  const build = buildOf([])
  delete build.release
  const none = (async function* () {})()
  await expect(inContext(context => destination.deliver(build, none, context))).rejects.toThrow(/Set MAPSEAL_RELEASE/)
})

test('a map that is too large is refused before it is sent, and the others are sent', async () => {
  const destination = newrelic({ apiKey: 'k', applicationId: '7', url: recorder.origin, urls: 'https://shop.example' })
  const error = await deliver(destination, ['a.js', 'b.js'], { size: 60e6 }).catch((cause: Error) => cause)
  expect((error as Error).message).toMatch(
    /2 of 2 files were refused\. a\.js: The source map of a\.js has 60 MB, and newrelic takes 52 MB\. Split/,
  )
  expect(recorder.requests).toEqual([])
})

test.each([
  [() => rollbar({ acessToken: 'x' } as object), /There is no option "acessToken"\..*accessToken/],
  [() => http({ url: 'https://maps.example/{debugID}/{path}' }), /has \{debugID\} in it. Did you mean "debugId"/],
  [() => datadog({ releaseVersion: '1' } as object), /There is no option "releaseVersion"/],
])('an unknown option is refused at once', (create, message) => {
  expect(create).toThrow(message)
})

test('what is missing is said, with the variable', async () => {
  delete process.env.ROLLBAR_ACCESS_TOKEN
  expect(await rollbar().lacks?.()).toMatch(/Set ROLLBAR_ACCESS_TOKEN, or the option "accessToken" of rollbar\(\)\./)
  process.env.ROLLBAR_ACCESS_TOKEN = 'x'
  expect(await rollbar().lacks?.()).toBeUndefined()
  delete process.env.ROLLBAR_ACCESS_TOKEN
})

describe('datadog', () => {
  const url = () => `${recorder.origin}/api/v2/srcmap`
  const eventOf = (request: Recorded) => JSON.parse(fieldOf('event')(request) ?? '')

  test('finds by debug ID, which scripts carry', async () => {
    const destination = datadog({ apiKey: 'k', url: url() })
    expect(destination.registries?.map(({ global, entry }) => [global, entry?.('id')])).toEqual([
      ['DD_SOURCE_CODE_CONTEXT', { ddDebugId: 'id' }],
    ])
    await deliver(destination, ['a.js'])
    const event = eventOf(recorder.requests[0] as Recorded)
    expect(event).toMatchObject({ type: 'js_sourcemap', debug_id: artifactOf('a.js').debugId, minified_url: 'a.js' })
    expect(event).not.toHaveProperty('service')
  })

  test('finds by service, version and URL, and then scripts carry no debug ID', async () => {
    const destination = datadog({ apiKey: 'k', url: url(), service: 'shop', urls: '/static' })
    expect(destination).not.toHaveProperty('registries')
    await deliver(destination, ['a.js'])
    const event = eventOf(recorder.requests[0] as Recorded)
    expect(event).toMatchObject({ service: 'shop', version: '1.4.0', minified_url: '/static/a.js' })
    expect(event).not.toHaveProperty('debug_id')
  })

  test('links to the repository, without its password, and to the files that a map may come from', async () => {
    const repository = makeRepository()
    const commit = repository.commit('first', { 'web/src/a.js': '', 'web/src/b.js': '', 'docs/a.js': '' })
    repository.git('remote', 'add', 'origin', 'https://me:p@ss@git.example/acme/shop.git')
    Object.assign(process.env, { GIT_DIR: `${repository.dir}/.git`, GIT_WORK_TREE: repository.dir })
    const facts = (name: string) => ({ facts: { release: { name, source: 'test' } } })
    try {
      await deliver(datadog({ apiKey: 'k', url: url() }), ['a.js'])
      await deliver(datadog({ apiKey: 'k', url: url() }), ['c.js'], facts(commit))
      await deliver(
        datadog({ apiKey: 'k', url: url() }),
        ['a.js'],
        facts(commit.replace(/^./, 'f').replace(/^f(?=f)/, '0')),
      )
    } finally {
      delete process.env.GIT_DIR
      delete process.env.GIT_WORK_TREE
      removeFolders()
    }
    const [linked, others, old] = recorder.requests as [Recorded, Recorded, Recorded]
    const git = { git_repository_url: 'https://git.example/acme/shop.git', git_commit_sha: commit }
    expect(eventOf(linked)).toMatchObject(git)
    const data = [{ files: ['docs/a.js', 'web/src/a.js'], hash: commit, repository_url: git.git_repository_url }]
    expect(JSON.parse(fieldOf('repository')(linked) ?? '')).toEqual({ version: 1, data })
    expect(eventOf(others)).toMatchObject(git)
    expect(fieldOf('repository')(others)).toBeUndefined()
    expect(eventOf(old)).not.toHaveProperty('git_commit_sha')
  })

  test('never mixes the two', async () => {
    const destination = datadog({ apiKey: 'k', url: url(), service: 'shop', urls: '/' })
    const marked = { ...artifactOf('a.js'), code: Buffer.from(`x({ddDebugId:"${artifactOf('a.js').debugId}"})`) }
    const each = (async function* () {
      yield marked
    })()
    await expect(inContext(context => destination.deliver(buildOf([marked]), each, context))).rejects.toThrow(
      /a\.js has a debug ID for Datadog/,
    )
    expect(recorder.requests).toEqual([])
  })
})

test('the container of PostHog is byte for byte what its own code writes', () => {
  const pieces = container(Buffer.from('a'), Buffer.from('{}'))
  expect(Buffer.concat(pieces).toString('hex')).toBe(
    '706f7374686f675f6572726f725f747261636b696e67010000000200000001000000000000006102000000000000007b7d',
  )
  expect(contentHash([Buffer.from('ab'), Buffer.from('c')])).toMatch(/^ddaf35a193617aba/)
})

test("faro's bundle ID is the release, and the global that its SDK reads", async () => {
  const destination = faro({
    appName: 'shop',
    appId: '7',
    stackId: '8',
    apiKey: 'k3y',
    url: recorder.origin,
    prefix: '/x/',
  })
  expect(destination.releaseGlobals?.({ name: '1.4.0', source: '' })).toEqual({ __faroBundleId_shop: '1.4.0' })
  await deliver(destination, ['a.js'])
  const [request] = recorder.requests
  expect(request?.path).toBe('/app/7/sourcemaps/1.4.0')
  expect(JSON.parse(`${request?.body}`)).toEqual({ ...JSON.parse(`${artifactOf('a.js').map}`), file: 'x/a.js' })
})

const at = { started: '2026-11-29T10:00:00Z', finished: '2026-11-29T10:00:01Z' }

test.each<[string, (url: string) => Destination, string, object]>([
  [
    'datadog',
    url => datadog({ apiKey: 'k', service: 'shop', url: `${url}/api/v2/srcmap` }),
    'POST /api/v2/dora/deployment',
    {
      data: {
        attributes: {
          service: 'shop',
          env: 'production',
          version: '1.4.0',
          started_at: 1795946400000000000,
          finished_at: 1795946401000000000,
        },
      },
    },
  ],
  [
    'bugsnag',
    url => bugsnag({ apiKey: 'k', url }),
    'POST /',
    { apiKey: 'k', appVersion: '1.4.0', releaseStage: 'production' },
  ],
  [
    'rollbar',
    url => rollbar({ accessToken: 'k', url }),
    'POST /api/1/deploy',
    { environment: 'production', revision: '1.4.0', status: 'succeeded', comment: 'to all' },
  ],
  [
    'honeybadger',
    url => honeybadger({ apiKey: 'k', url }),
    'POST /v1/deploys',
    { deploy: { environment: 'production', revision: '1.4.0' } },
  ],
  [
    'airbrake',
    url => airbrake({ projectId: '7', projectKey: 'k', url }),
    'POST /api/v4/projects/7/deploys?key=k',
    { environment: 'production', revision: '1.4.0', version: '1.4.0' },
  ],
  [
    'appsignal',
    url => appsignal({ pushApiKey: 'k', appName: 'shop', url }),
    'POST /1/markers?api_key=k&name=shop&environment=production',
    { revision: '1.4.0', user: 'mapseal' },
  ],
  [
    'raygun',
    url => raygun({ applicationId: '7', accessToken: 't', apiKey: 'k', url }),
    'POST /v3/applications/api-key/k/deployments',
    { version: '1.4.0', deployedAt: at.finished, comment: 'to all' },
  ],
])('%s reports a deploy', async (_, create, call, body) => {
  const destination = create(recorder.origin)
  const deploy = { release: '1.4.0', environment: 'production', name: 'to all', ...at }
  await inContext(async context => destination.deploy?.(deploy, context))
  expect(recorder.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([call])
  expect(JSON.parse(`${recorder.requests[0]?.body}`)).toEqual(body)
})

test('a pace lets so many calls pass in a minute, and an abort ends the wait for the next', async () => {
  const controller = new AbortController()
  let time = 0
  const pace = createPace(2, controller.signal, () => time)
  await pace()
  await pace()
  const third = pace()
  controller.abort()
  await expect(third).rejects.toThrow('aborted')
  time = 180_000
  await pace()
})
