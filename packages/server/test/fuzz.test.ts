import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { Agent, request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { projectKey } from '../src/events/dsn.ts'
import { makeBundle, multipart, sha1, uploadBundle } from './bundle.ts'
import { createRandom, mutate, type Random } from './mutate.ts'
import { startServer, type TestServer } from './start.ts'

/** Requests and bundles that were valid before a few bytes of them were changed. The seed is fixed: a failure stays one. */

const seed = 20261121
const counts = { requests: 7000, raw: 1000, bundles: 2200 }
/** A request that hangs is a failure too. */
const answerMs = 300_000
const MiB = 1 << 20

let root: string
let server: TestServer
let temporary: string | undefined
const rejections: unknown[] = []
const onRejection = (cause: unknown) => void rejections.push(cause)
const agent = new Agent({ keepAlive: true, maxSockets: 8 })

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'mapseal-fuzz-'))
  await mkdir(join(root, 'tmp'))
  process.on('unhandledRejection', onRejection)
  process.on('uncaughtException', onRejection)
  const limits = { failures: { perSecond: 1e6, burst: 1e6 }, rate: { perSecond: 1e6, burst: 1e6 } }
  server = await startServer({ vault: join(root, 'vault'), org: 'acme', projects: ['web', 'api'], limits })
  temporary = process.env.TMPDIR
  process.env.TMPDIR = join(root, 'tmp')
})

afterEach(async () => {
  expect(rejections).toEqual([])
  expect(server.log.filter(line => line.includes('"level":"error"')).slice(0, 5)).toEqual([])
  server.log.length = 0
  // What was valid still is.
  expect(await uploadBundle(server.url, makeBundle({ source: `b(${Math.random()})` }))).toMatchObject({ state: 'ok' })
})

afterAll(async () => {
  agent.destroy()
  await server.close()
  if (temporary === undefined) delete process.env.TMPDIR
  else process.env.TMPDIR = temporary
  process.off('unhandledRejection', onRejection)
  process.off('uncaughtException', onRejection)
  expect((await readdir(root)).sort()).toEqual(['tmp', 'vault'])
  // Run from source, threads have the compiler's cache there.
  expect((await readdir(join(root, 'tmp'))).filter(name => !name.startsWith('tsx-'))).toEqual([])
  const known = ['.gitignore', 'blobs', 'builds', 'bundles', 'chunks', 'events', 'index', 'packs', 'releases', 'tmp']
  expect((await readdir(join(root, 'vault'))).filter(name => !known.includes(name))).toEqual([])
  await rm(root, { recursive: true })
  await rm(server.dir, { recursive: true })
})

interface Seed {
  method: string
  path: string
  headers: Record<string, string>
  body: Buffer
}

const bundle = makeBundle()
const form = multipart([['file', sha1(bundle), bundle]])
const asJson = (method: string, path: string, body: unknown): Seed => ({
  method,
  path,
  headers: { 'content-type': 'application/json' },
  body: Buffer.from(JSON.stringify(body)),
})
const org = '/api/0/organizations/acme'
const release = {
  version: 'web@1',
  projects: ['web'],
  url: 'https://x',
  dateReleased: '2026-11-21T02:05:03.518766289Z',
}
const commit = {
  id: 'a'.repeat(40),
  repository: 'origin',
  author_name: 'D',
  message: 'm',
  timestamp: '2026-01-03T10:00:00+02:00',
}
const { id: projectId, key } = projectKey('acme', 'web')
const event = {
  exception: {
    values: [{ type: 'Error', value: 'x', stacktrace: { frames: [{ filename: '~/app.js', lineno: 1, colno: 1 }] } }],
  },
  debug_meta: {
    images: [{ type: 'sourcemap', code_file: '~/app.js', debug_id: '00000000-0000-4000-8000-000000000001' }],
  },
}
const envelope = `{"event_id":"9ec79c33ec9942ab8353589fcb2e04dc"}\n{"type":"event"}\n${JSON.stringify(event)}\n`

const seeds: Seed[] = [
  { method: 'POST', path: `${org}/chunk-upload/`, headers: { 'content-type': form.contentType }, body: form.body },
  asJson('POST', `${org}/artifactbundle/assemble/`, {
    checksum: sha1(bundle),
    chunks: [sha1(bundle)],
    projects: ['web'],
    version: '1',
    dist: '2',
  }),
  asJson('POST', `${org}/releases/web@1/assemble/`, { checksum: sha1(bundle), chunks: [sha1(bundle)] }),
  asJson('POST', `${org}/releases/`, release),
  asJson('POST', '/api/0/projects/acme/web/releases/', release),
  asJson('PUT', `${org}/releases/web@1/`, {
    commits: [commit],
    refs: [{ repository: 'r', commit: 'c', previousCommit: null }],
  }),
  asJson('POST', `${org}/releases/web@1/deploys/`, { environment: 'production', name: null, projects: ['web'] }),
  asJson('GET', `${org}/releases/web%401/?cursor=`, ''),
  asJson('GET', `${org}/releases/web@1/previous-with-commits/`, ''),
  asJson('POST', '/api/symbolicate', { frames: [{ file: 'https://h/app.js', line: 1, column: 0 }], release: 'web@1' }),
  asJson('POST', '/api/symbolicate', {
    stack: 'Error: x\n    at f (https://h/app.js:1:1)',
    debugIds: { 'https://h/app.js': '00000000-0000-4000-8000-000000000001' },
  }),
  {
    method: 'POST',
    path: `/api/${projectId}/envelope/?sentry_key=${key}`,
    headers: { 'content-type': 'text/plain' },
    body: Buffer.from(envelope),
  },
  asJson('POST', `/api/${projectId}/store/?sentry_key=${key}`, event),
  { method: 'GET', path: '/api/builds?limit=5', headers: {}, body: Buffer.alloc(0) },
]

function mutateSeed({ method, path, headers, body }: Seed, random: Random): Seed {
  const isPath = random.chance(0.3)
  const isHeader = random.chance(0.2)
  const text = (value: string) =>
    mutate(Buffer.from(value), random)
      .toString('latin1')
      .replace(/[^\x21-\x7e]/g, '%00')
  return {
    method: random.chance(0.05) ? random.pick(['GET', 'PUT', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH']) : method,
    path: isPath ? `/${text(path.slice(1))}` : path,
    headers: isHeader
      ? {
          ...headers,
          [random.pick(['content-type', 'content-encoding', 'authorization', 'host', 'origin', 'x-sentry-auth'])]: text(
            headers['content-type'] ?? 'gzip',
          ).slice(0, 2000),
        }
      : headers,
    body: random.chance(0.85) ? mutate(body, random) : body,
  }
}

function send({ method, path, headers, body }: Seed): Promise<number> {
  const { port } = new URL(server.url)
  return new Promise((done, fail) => {
    const outgoing = httpRequest({
      port,
      host: '127.0.0.1',
      method,
      path,
      agent,
      headers: { ...headers, 'content-length': body.length },
    })
    const timer = setTimeout(() => outgoing.destroy(new Error(`no answer: ${method} ${path}`)), answerMs)
    outgoing.on('response', response => {
      response.resume().once('close', () => {
        clearTimeout(timer)
        done(response.statusCode ?? 0)
      })
    })
    outgoing.on('error', cause => {
      clearTimeout(timer)
      // A body that is refused unread may be cut off.
      if ('code' in cause && ['ECONNRESET', 'EPIPE'].includes(String(cause.code))) done(0)
      else fail(cause)
    })
    outgoing.end(body)
  })
}

async function inParallel(count: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0
  const worker = async () => {
    while (next < count) await work(next++)
  }
  await Promise.all(Array.from({ length: 8 }, worker))
}

test(`${counts.requests} changed requests`, async () => {
  const random = createRandom(seed)
  const statuses = new Map<number, number>()
  const before = process.memoryUsage().rss
  await inParallel(counts.requests, async index => {
    const status = await send(mutateSeed(seeds[index % seeds.length] as Seed, random))
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
  })
  expect([...statuses.keys()].filter(status => status >= 500)).toEqual([])
  expect(process.memoryUsage().rss - before).toBeLessThan(300 * MiB)
}, 900_000)

test(`${counts.raw} changed bytes of requests`, async () => {
  const random = createRandom(seed + 1)
  const { port } = new URL(server.url)
  await inParallel(counts.raw, async index => {
    const { method, path, headers, body } = seeds[index % seeds.length] as Seed
    const lines = Object.entries({ host: '127.0.0.1', connection: 'close', ...headers, 'content-length': body.length })
    const head = `${method} ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`
    const bytes = mutate(Buffer.concat([Buffer.from(head), body]), random)
    await new Promise<void>((done, fail) => {
      const socket = connect(Number(port), '127.0.0.1')
      const timer = setTimeout(() => fail(new Error('the connection stays open')), answerMs)
      socket.on('error', () => {})
      socket.resume().once('close', () => {
        clearTimeout(timer)
        done()
      })
      socket.end(bytes)
    })
  })
}, 900_000)

test(`${counts.bundles} changed bundles`, async () => {
  const random = createRandom(seed + 2)
  const before = process.memoryUsage().rss
  const states = new Map<string, number>()
  await inParallel(counts.bundles, async index => {
    const bytes = mutate(makeBundle({ source: `a(${index % 10})`, release: '1' }), random)
    const { body, contentType } = multipart([['file', sha1(bytes), bytes]])
    expect(
      await send({ method: 'POST', path: `${org}/chunk-upload/`, headers: { 'content-type': contentType }, body }),
    ).toBe(200)
    const outcome = await uploadBundle(server.url, bytes)
    states.set(outcome.state ?? '', (states.get(outcome.state ?? '') ?? 0) + 1)
    if (outcome.state === 'error') expect(outcome.detail).not.toBe('internal server error')
  })
  // Nothing is left of some: those have no chunks.
  expect([...states.keys()].filter(state => !['error', 'ok', 'not_found'].includes(state))).toEqual([])
  expect(states.get('error')).toBeGreaterThan(counts.bundles / 2)
  expect(process.memoryUsage().rss - before).toBeLessThan(300 * MiB)
}, 900_000)
