import { connect } from 'node:net'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { createVault, openStore } from '@mapseal/core'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { freePort } from '../../../test/support/ports.ts'
import { dsnOf, projectKey } from '../src/events/dsn.ts'
import { createKey, listKeys, revokeKey } from '../src/index.ts'
import { gauge, isTaken } from './gauge.ts'
import { startServer, type TestServer } from './start.ts'

const ID = '8fb07b8898ae45b29d72c13899d67cf9'
const NOTHING = { sha256: '0'.repeat(64), size: 1, pack: '', offset: 0, length: 0, crc32: 0 }
const EVENT = { event_id: ID, message: 'hello', request: { headers: { Cookie: 's3cret' } }, user: { id: 's3cret' } }

let server: TestServer
let base: string
let key: string
beforeEach(async () => {
  server = await startServer({ projects: ['app', 'api'] })
  const project = projectKey(server.org, 'app')
  base = `${server.url}/api/${project.id}`
  key = project.key
})
afterEach(() => server[Symbol.asyncDispose]())

function envelope(header: object = {}, event: object = EVENT): string {
  return [{ event_id: ID, ...header }, { type: 'event' }, event].map(line => JSON.stringify(line)).join('\n')
}

function send(path: string, body: BodyInit, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${base}${path}`, { method: 'POST', body, headers })
}

async function groups(): Promise<{ project: string; value: string; count: number }[]> {
  return (await (await fetch(`${server.url}/api/events`)).json()).groups
}

async function metric(labels: string, { url } = server): Promise<string | undefined> {
  const text = await (await fetch(`${url}/metrics`)).text()
  return text
    .split('\n')
    .find(line => line.startsWith(`mapseal_event_items_total{${labels}}`))
    ?.split(' ')[1]
}

test('a DSN has digits for its project, and every server knows the same', () => {
  expect(server.projects[0]?.dsn).toBe(dsnOf(server.url, 'mapseal', 'app'))
  expect(server.projects[0]?.dsn).toMatch(/^http:\/\/[\da-f]{32}@127\.0\.0\.1:\d+\/\d+$/)
  expect(projectKey('mapseal', 'app')).not.toEqual(projectKey('mapseal', 'api'))
})

test.each([
  ['in the query', () => send(`/envelope/?sentry_key=${key}&sentry_version=7`, envelope())],
  [
    'in X-Sentry-Auth',
    () =>
      send('/envelope/', envelope(), {
        'X-Sentry-Auth': `Sentry sentry_version=7, sentry_key=${key}, sentry_client=a/1`,
      }),
  ],
  ['in Authorization', () => send('/envelope/', envelope(), { Authorization: `Sentry sentry_key=${key}` })],
  ['in the envelope', () => send('/envelope/', envelope({ dsn: server.projects[0]?.dsn }))],
  [
    'in all of them',
    () =>
      send(`/envelope/?sentry_key=${key}`, envelope({ dsn: server.projects[0]?.dsn }), {
        'X-Sentry-Auth': `Sentry sentry_key=${key}`,
      }),
  ],
  ['to /store/', () => send(`/store/?sentry_key=${key}`, JSON.stringify(EVENT))],
  [
    'without a slash, by the slug',
    () => fetch(`${server.url}/api/app/envelope?sentry_key=${key}`, { method: 'POST', body: envelope() }),
  ],
])('a key %s is accepted', async (_, request) => {
  const response = await request()
  expect(response.status).toBe(200)
  expect(await response.json()).toEqual({ id: ID })
  expect(await groups()).toMatchObject([{ project: 'app', value: 'hello', count: 1 }])
})

test.each([
  ['none', () => send('/envelope/', envelope())],
  ['another', () => send('/envelope/?sentry_key=abc', envelope())],
  [
    'one that is right and one that is not',
    () => send(`/envelope/?sentry_key=${key}`, envelope({ dsn: 'http://abc@h/1' })),
  ],
  ['an invalid DSN', () => send(`/envelope/?sentry_key=${key}`, envelope({ dsn: 'nonsense' }))],
  ['that of another project', () => send(`/envelope/?sentry_key=${projectKey('mapseal', 'api').key}`, envelope())],
  [
    'a project that is not there',
    () => fetch(`${server.url}/api/17/envelope/?sentry_key=${key}`, { method: 'POST', body: envelope() }),
  ],
  ['none, to /store/', () => send('/store/', JSON.stringify(EVENT))],
])('a key is missed: %s', async (_, request) => {
  const response = await request()
  expect(response.status).toBe(403)
  expect(await response.json()).toEqual({ detail: 'No project of this server has this DSN' })
  expect(response.headers.get('access-control-allow-origin')).toBe('*')
  expect(await groups()).toEqual([])
})

test.each([
  ['gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
])('a body in %s is read', async (encoding, pack) => {
  const response = await send(`/envelope/?sentry_key=${key}`, new Uint8Array(pack(envelope())), {
    'Content-Encoding': encoding,
  })
  expect(response.status).toBe(200)
  expect(await groups()).toHaveLength(1)
})

test('a bomb is stopped, and a body that does not decode is refused', async () => {
  const head = `${JSON.stringify({ dsn: server.projects[0]?.dsn })}\n{"type":"replay_recording"}\n`
  const bomb = gzipSync(Buffer.concat([Buffer.from(head), Buffer.alloc(80 << 20)]))
  const before = process.memoryUsage().rss
  expect((await send('/envelope/', new Uint8Array(bomb), { 'Content-Encoding': 'gzip' })).status).toBe(413)
  expect(process.memoryUsage().rss - before).toBeLessThan(120 << 20)
  expect((await send('/envelope/', envelope(), { 'Content-Encoding': 'gzip' })).status).toBe(400)
  expect((await send('/envelope/', envelope(), { 'Content-Encoding': 'rot13' })).status).toBe(415)
})

test('what is too large or malformed is refused with the reason', async () => {
  const dsn = server.projects[0]?.dsn
  const large = await send('/envelope/', envelope({ dsn }, { message: 'x'.repeat(1 << 20) }))
  expect([large.status, (await large.json()).detail]).toEqual([413, expect.stringContaining('line too long')])
  expect((await send(`/store/?sentry_key=${key}`, JSON.stringify({ message: 'x'.repeat(1 << 20) }))).status).toBe(413)
  expect((await send('/envelope/', `${JSON.stringify({ dsn })}\n{"type":"event"}\nhalf a`)).status).toBe(400)
  expect((await send('/envelope/', '')).status).toBe(400)
  expect((await send(`/store/?sentry_key=${key}`, '[]')).status).toBe(400)
  expect(await groups()).toEqual([])
})

test('other items are answered and counted, not kept', async () => {
  const items = ['session', 'transaction', 'client_report', 'replay_event', 'made_up'].map(
    type => `{"type":"${type}"}\n{}`,
  )
  const response = await send(`/envelope/?sentry_key=${key}`, `{}\n${items.join('\n')}\n`)
  expect([response.status, await response.json()]).toEqual([200, {}])
  expect(await groups()).toEqual([])
  expect(await metric('type="session",outcome="skipped"')).toBe('1')
  expect(await metric('type="other",outcome="skipped"')).toBe('1')
})

test.each([
  ['another port of this machine', 'http://localhost:5173', {}],
  ['an origin that is allowed', 'https://shop.example', { allowedOrigins: ['https://Shop.example'] }],
  ['any site, if all are allowed', 'https://shop.example', { allowedOrigins: ['*'] }],
  [
    'any site, of a server for others',
    'https://shop.example',
    { adminToken: 'x'.repeat(32), url: 'https://maps.example' },
  ],
])('pages of %s may send, as preflight requests find out', async (_, origin, options) => {
  const port = await freePort()
  await using other = await startServer({ projects: ['app', 'api'], ...options, port })
  const url = `http://127.0.0.1:${port}`
  const path = new URL(base).pathname
  const response = await fetch(`${url}${path}/envelope/`, {
    method: 'OPTIONS',
    headers: {
      Origin: origin,
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': 'x-sentry-auth',
    },
  })
  expect(response.status).toBe(204)
  expect(response.headers.get('access-control-allow-origin')).toBe('*')
  expect(response.headers.get('access-control-allow-headers')).toContain('x-sentry-auth')
  expect(response.headers.get('access-control-allow-credentials')).toBeNull()
  const sent = await fetch(`${url}${path}/envelope/?sentry_key=${key}`, {
    method: 'POST',
    headers: { Origin: origin },
    body: envelope(),
  })
  expect(sent.status).toBe(200)
  const read = await fetch(`${url}/api/events`, { headers: { Origin: origin } })
  expect([401, 403]).toContain(read.status)
  expect(read.headers.get('access-control-allow-origin')).toBeNull()
  expect(other.url).toBeTruthy()
})

test.each([
  [{ Origin: 'https://shop.example' }],
  [{ Origin: 'null' }],
  [{ Origin: 'http://localhost.evil.example' }],
  [{ Origin: 'http://192.168.1.5:5173' }],
  [{ 'Sec-Fetch-Site': 'cross-site' }],
])('a page of another site sends nothing to a server on loopback: %j', async headers => {
  const sent = await send(`/envelope/?sentry_key=${key}`, envelope(), headers)
  expect([sent.status, await sent.text()]).toEqual([403, expect.stringContaining('--allow-origin')])
  const preflight = await fetch(`${base}/envelope/`, { method: 'OPTIONS', headers })
  expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([403, null])
  expect(await groups()).toEqual([])
})

test('a key can be renewed: both are accepted until the old one is revoked', async () => {
  const store = openStore(server.dir, '/')
  await expect(revokeKey(store, server.org, 'app', key)).rejects.toThrow('is the only key of project app')
  const made = await createKey(store, server.org, 'app')
  vi.useFakeTimers({ toFake: ['Date'] })
  onTestFinished(() => void vi.useRealTimers())
  const status = async (given: string) => {
    vi.setSystemTime(Date.now() + 5001)
    return (await send(`/envelope/?sentry_key=${given}`, envelope())).status
  }
  expect([await status(key), await status(made.key)]).toEqual([200, 200])
  await using other = await startServer({ vault: server.dir, projects: ['app', 'api'] })
  expect(other.projects[0]?.dsn).toContain(`//${made.key}@`)
  await revokeKey(store, server.org, 'app', key)
  expect([await status(key), await status(made.key)]).toEqual([403, 200])
  expect((await listKeys(store, server.org, 'app')).map(({ key }) => key)).toEqual([made.key])
  const answer = await fetch(`${server.url}/api/0/projects/mapseal/app/keys/`)
  expect(await answer.json()).toMatchObject([{ public: made.key }])
  const about = await (await fetch(`${server.url}/api/about`)).json()
  expect(about.projects[0].dsn).toContain(made.key)
  await expect(revokeKey(store, server.org, 'app', key)).rejects.toThrow('has no key')
})

test('one address starts few new groups, and goes on sending to those that are there', async () => {
  const limits = { newGroupsPerAddress: { perSecond: 0.01, burst: 2 } }
  await using small = await startServer({ limits })
  const { id, key } = projectKey('mapseal', 'app')
  const post = async (message: string) =>
    (
      await fetch(`${small.url}/api/${id}/envelope/?sentry_key=${key}`, {
        method: 'POST',
        body: envelope({}, { message }),
      })
    ).status
  expect([await post('one'), await post('two'), await post('three'), await post('one')]).toEqual([200, 200, 429, 200])
  await using other = await startServer({ limits, vault: small.dir })
  const again = await fetch(`${other.url}/api/${id}/envelope/?sentry_key=${key}`, {
    method: 'POST',
    body: envelope({}, { message: 'two' }),
  })
  expect(again.status, 'another server finds the group in the store').toBe(200)
})

test('events that are not there whole yet are in memory up to a limit, and not once they were read', async () => {
  await using small = await startServer({ limits: { heldBytes: 300_000 } })
  const { id, key } = projectKey(small.org, 'app')
  const path = `/api/${id}/envelope/?sentry_key=${key}`
  const { port } = new URL(small.url)
  const event = JSON.stringify({ message: 'x'.repeat(90_000) })
  const many = `{}\n${`{"type":"event"}\n${event}\n`.repeat(10)}`
  expect((await fetch(small.url + path, { method: 'POST', body: many })).status).toBe(200)

  const slow = connect(Number(port), '127.0.0.1')
  slow.write(
    `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Length: 900000\r\n\r\n{}\n{"type":"event","length":400000}\n${'x'.repeat(200_000)}`,
  )
  const held = () => gauge(small.url, 'mapseal_body_bytes')
  await expect.poll(held).toBeGreaterThan(200_000)
  expect((await fetch(small.url + path, { method: 'POST', body: many })).status).toBe(503)
  slow.destroy()
  await expect.poll(held).toBe(0)
  expect((await fetch(small.url + path, { method: 'POST', body: many })).status).toBe(200)
})

test('an event without a release has that of the build that its scripts belong to, if it is one', async () => {
  const store = openStore(server.dir, '/')
  const record = async (minute: number, name: string, debugIds: string[]) => {
    const files = debugIds.map(debugId => ({ path: `${debugId}.js`, outDir: '', debugId, code: NOTHING }))
    const release = { name, dist: 'web', source: 'test' }
    const facts = { version: 1 as const, createdAt: '2026-11-21T10:15:00.123Z', deliveries: {} }
    await createVault(store).record({ id: `20261121T1015${minute}123Z-00000000`, ...facts, release, files })
  }
  const ids = (digit: number) => `00000000-0000-4000-8000-00000000000${digit}`
  await record(10, 'shop@1', [ids(1), ids(2)])
  await record(11, 'shop@2', [ids(2), ids(3)])
  await server.looksAgain()
  const released = async (debugIds: string[], release?: string) => {
    const images = debugIds.map(id => ({ type: 'sourcemap', code_file: `/${id}.js`, debug_id: id }))
    const frames = debugIds.map(id => ({ abs_path: `/${id}.js`, lineno: 1, colno: 1 }))
    const exception = { values: [{ type: debugIds.join(), stacktrace: { frames } }] }
    const sent = { release, debug_meta: { images }, exception }
    expect((await send(`/envelope/?sentry_key=${key}`, envelope({}, sent))).status).toBe(200)
    const { groups } = await (await fetch(`${server.url}/api/events`)).json()
    const { group, name } = groups.find(({ type }: { type: string }) => type === debugIds.join())
    const event = await (await fetch(`${server.url}/api/events/app/${group}/${name}`)).json()
    return [event.release, event.dist]
  }
  expect(await released([ids(1)])).toEqual(['shop@1', 'web'])
  expect(await released([ids(2), ids(3)])).toEqual(['shop@2', 'web'])
  expect(await released([ids(3), ids(9)]), 'unknown IDs do not matter').toEqual(['shop@2', 'web'])
  expect(await released([ids(2)]), 'in both').toEqual([undefined, undefined])
  expect(await released([ids(1), ids(3)]), 'in none').toEqual([undefined, undefined])
  expect(await released([ids(9)])).toEqual([undefined, undefined])
  expect(await released([ids(2), ids(1)], 'mine')).toEqual(['mine', undefined])
})

test('too many events are put off, and counted', async () => {
  await using small = await startServer({ projects: ['app', 'api'], limits: { events: { perSecond: 0.01, burst: 3 } } })
  const post = (project: string) => {
    const { id, key } = projectKey('mapseal', project)
    const path = `/api/${id}/envelope/?sentry_key=${key}`
    return fetch(`${small.url}${path}`, { method: 'POST', body: envelope() })
  }
  const answers = await Promise.all(Array.from({ length: 5 }, () => post('app')))
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 429, 429])
  const limited = answers.find(({ status }) => status === 429)
  expect(limited?.headers.get('retry-after')).toMatch(/^\d+$/)
  expect(limited?.headers.get('x-sentry-rate-limits')).toMatch(/^\d+:error:project$/)
  expect((await post('api')).status, 'another project').toBe(200)
  expect(await metric('type="event",outcome="limited"', small)).toBe('2')
})

test('nothing that names a person is in the store', async () => {
  await send(`/envelope/?sentry_key=${key}`, envelope())
  const [{ group } = { group: '' }] = (await (await fetch(`${server.url}/api/events`)).json()).groups
  const { events } = await (await fetch(`${server.url}/api/events/app/${group}`)).json()
  const text = await (await fetch(`${server.url}/api/events/app/${group}/${events[0].name}`)).text()
  expect(text).toContain('hello')
  expect(text).not.toContain('s3cret')
  expect(server.log.join('\n')).not.toMatch(/s3cret|sentry_key/)
})

test('what one server is sent, another of the same vault shows', async () => {
  await using other = await startServer({ vault: server.dir, projects: ['app', 'api'] })
  expect((await (await fetch(`${other.url}/api/events`)).json()).groups).toEqual([])
  await send(`/envelope/?sentry_key=${key}`, envelope())
  const shown = async () => (await (await fetch(`${other.url}/api/events`)).json()).groups.length
  await expect.poll(shown).toBe(1)
})

test('a client that leaves in the middle leaves nothing behind', async () => {
  const { port } = new URL(server.url)
  const socket = connect(Number(port), '127.0.0.1')
  socket.write(
    `POST ${new URL(base).pathname}/envelope/?sentry_key=${key} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Length: 1000\r\n\r\n{}\n{"type":"event"}\n{"mess`,
  )
  await isTaken(server.url)
  socket.destroy()
  await expect.poll(() => server.log.join('\n')).toContain('"gone"')
  expect(await groups()).toEqual([])
  expect(server.log.join('\n')).not.toContain('"fault"')
})
