import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { folderStore } from '@mapseal/core'
import { createToken } from '@mapseal/server'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeBundle, uploadBundle } from '../packages/server/test/bundle.ts'
import { startServer, type TestServer } from '../packages/server/test/start.ts'
import { type Nginx, nginx, nginxProblem } from './support/nginx.ts'
import { freePort } from './support/ports.ts'

/** Behind a real nginx, whose address all clients share unless the server trusts it. */

const problem = await nginxProblem()
test('nginx is there', () => expect(problem).toBeUndefined())

/** How long floods last. The full minute: `MAPSEAL_FLOOD_SECONDS=60`. */
const SECONDS = Number(process.env.MAPSEAL_FLOOD_SECONDS ?? 3)
const JUNK_PER_SECOND = 1000
const adminToken = 'an-admin-token-of-some-length'

let server: TestServer
let proxy: Nginx
let front: string
const agent = new Agent({ keepAlive: true, maxSockets: 40 })
afterAll(() => agent.destroy())

/** A public name that leads to nginx. */
async function start(trustedProxies: string[]): Promise<void> {
  const [port, outer] = [await freePort(), await freePort()]
  front = `http://127.0.0.1:${outer}`
  const names = { org: 'acme', projects: ['web'], url: 'https://maps.example' }
  server = await startServer({ ...names, adminToken, port, trustedProxies })
  proxy = await nginx(outer, `http://127.0.0.1:${port}`)
}
afterEach(async () => {
  await proxy?.close()
  await server?.[Symbol.asyncDispose]()
})

interface Sent {
  method?: string
  headers?: Record<string, string>
  body?: string
  /** The address to connect from; all of 127.0.0.0/8 is this machine's. */
  from?: string
}

async function send(path: string, { method = 'GET', headers, body, from = '127.0.0.1' }: Sent = {}): Promise<Answer> {
  const outgoing = request(front + path, { method, agent, localAddress: from, headers: { ...headers } })
  outgoing.end(body)
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
  return { status: response.statusCode ?? 0, text: await text(response) }
}

interface Answer {
  status: number
  text: string
}

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` })

/** Calls `work` so many times a second until it is stopped, and waits for all of it. */
function flood<Result>(perSecond: number, work: (index: number) => Promise<Result>): () => Promise<Result[]> {
  const results: Promise<Result>[] = []
  const from = performance.now()
  const timer = setInterval(() => {
    const due = ((performance.now() - from) / 1000) * perSecond
    while (results.length < due) results.push(work(results.length))
  }, 10)
  return () => {
    clearInterval(timer)
    return Promise.all(results)
  }
}

const counts = (answers: Answer[]) => {
  const found: Record<number, number> = {}
  for (const { status } of answers) found[status] = (found[status] ?? 0) + 1
  return found
}

describe.each([
  ['that is not trusted', []],
  ['that is trusted', ['127.0.0.1']],
])('behind a proxy %s', (_, trustedProxies) => {
  beforeEach(() => start(trustedProxies))

  test('without a token there is no data, for any Host', async () => {
    for (const host of ['maps.example', '127.0.0.1', 'localhost', 'evil.example', '[::1]', 'maps.example:80']) {
      for (const path of ['/api/builds', '/api/events', '/metrics', '/api/0/organizations/']) {
        const { status } = await send(path, { headers: { Host: host } })
        expect([401, 403], `${host} ${path}`).toContain(status)
      }
    }
    expect((await send('/api/builds', { headers: { Host: 'maps.example', ...bearer(adminToken) } })).status).toBe(200)
  })

  test('wrong tokens do not hold up a valid upload, even of a token that is new', async () => {
    const guess = (index: number) => `mapseal_${index.toString(16).padStart(12, '0')}_${'x'.repeat(43)}`
    // Used up at once, then 20 a second.
    for (let index = 0; index < 25; index++) await send('/api/0/organizations/', { headers: bearer(guess(index)) })
    const stop = flood(20, index => send('/api/0/organizations/', { headers: bearer(guess(100 + index)) }))
    const { token, record } = await createToken(folderStore(server.dir), 'write')
    const wrongSecret = `mapseal_${record.id}_${'y'.repeat(43)}`
    expect((await send('/api/0/organizations/', { headers: bearer(wrongSecret) })).status).not.toBe(200)
    const upload = () => uploadBundle(front, makeBundle({ release: '1' }), { token })
    await expect.poll(async () => (await upload()).state).toBe('ok')
    expect(counts(await stop())[200]).toBeUndefined()
  })
})

test('junk events of one sender leave the events of others in place', {
  timeout: SECONDS * 1000 + 120_000,
}, async () => {
  await start(['127.0.0.1'])
  const dsn = new URL(server.projects[0]?.dsn ?? '')
  const post = (message: string, from: string, headers: Record<string, string> = {}) => {
    const body = `{}\n{"type":"event"}\n${JSON.stringify({ message })}\n`
    const path = `/api${dsn.pathname}/envelope/?sentry_key=${dsn.username}`
    return send(path, { method: 'POST', body, from, headers })
  }
  // Two faults, one of them the same as the junk, as far as a sender can make it.
  for (const message of ['the till is empty', 'junk 0']) expect((await post(message, '127.0.0.2')).status).toBe(200)
  const readers = { headers: bearer(adminToken) }
  const groups = async () => JSON.parse((await send('/api/events', readers)).text).groups as Group[]
  const before = await groups()
  expect(before).toHaveLength(2)

  const letters = (index: number) => String.fromCharCode(97 + (index % 26), 97 + ((index / 26) % 26))
  const stop = flood(JUNK_PER_SECOND, index =>
    // Half of it in one group, half in ever new ones; and the sender claims to be others.
    post(index % 2 ? `junk ${index}` : `junk ${letters(index >> 1)}`, '127.0.0.3', {
      'X-Forwarded-For': `10.0.0.${index % 256}`,
    }),
  )
  await sleep(SECONDS * 500)
  expect((await post('the drawer is stuck', '127.0.0.2')).status, 'another sender, meanwhile').toBe(200)
  await sleep(SECONDS * 500)
  const { 200: kept = 0, 429: refused = 0, ...others } = counts(await stop())
  expect(others).toEqual({})
  expect(kept).toBeGreaterThan(0)
  expect(refused).toBeGreaterThan(kept)

  const after = await groups()
  expect(after.map(({ value }) => value)).toEqual(expect.arrayContaining(['the till is empty', 'the drawer is stuck']))
  for (const { group, name } of before) {
    expect((await send(`/api/events/web/${group}/${name}`, readers)).status).toBe(200)
  }
})

interface Group {
  group: string
  name: string
  value: string
}
