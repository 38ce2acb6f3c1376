import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { folderStore } from '@mapseal/core'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { freePort } from '../../../test/support/ports.ts'
import { createClientAddress } from '../src/http/client-address.ts'
import { createServer, createToken, listTokens, revokeToken, type ServerOptions } from '../src/index.ts'
import { resolveServerOptions } from '../src/options.ts'
import { createGate } from '../src/tokens/gate.ts'
import { startServer, type TestServer } from './start.ts'

const adminToken = 'an-admin-token-of-some-length'

let server: TestServer
let open: TestServer | undefined
afterEach(async () => {
  vi.useRealTimers()
  await open?.[Symbol.asyncDispose]()
  open = undefined
})
const start = async (options?: ServerOptions) => {
  server = open = await startServer(options)
}

const get = (path: string, headers: Record<string, string> = {}) => fetch(server.url + path, { headers })
const ok = ({ status }: Response) => status
const bearer = (token: string) => ({ Authorization: `Bearer ${token}` })

/** Bytes as they are, for what no client would send. */
async function raw(text: string, port?: number): Promise<string> {
  const { socket, received } = dial(port)
  socket.write(text)
  await new Promise(done => socket.once('close', done))
  return received()
}

function dial(port = Number(new URL(server.url).port)): { socket: Socket; received(): string } {
  const socket = connect(port, '127.0.0.1')
  let text = ''
  socket.on('data', part => {
    text += part
  })
  socket.on('error', () => {})
  return { socket, received: () => text }
}

describe('every answer', () => {
  test('is closed to scripts, frames, sniffing and caches', async () => {
    await start()
    for (const path of ['/healthz', '/nowhere']) {
      const { headers } = await get(path)
      expect(headers.get('content-security-policy')).toContain("default-src 'none'")
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
    }
  })

  test('is JSON with a reason where something is wrong', async () => {
    await start()
    const nowhere = await get('/api/0/nowhere/')
    expect([nowhere.status, await nowhere.json()]).toEqual([404, { detail: 'The requested resource does not exist' }])
    const wrong = await fetch(`${server.url}/healthz`, { method: 'DELETE' })
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
    expect((await get(`/${'x'.repeat(5000)}`)).status).toBe(414)
  })

  test('to HEAD has no body', async () => {
    await start()
    const answer = await raw('HEAD /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n')
    expect(answer).toMatch(/^HTTP\/1.1 200 /)
    expect(answer.split('\r\n\r\n')[1]).toBe('')
  })
})

describe('tokens', () => {
  test('with an admin token every request needs one, but for public routes', async () => {
    await start({ adminToken })
    expect((await get('/healthz')).status).toBe(200)
    const none = await get('/metrics')
    expect([none.status, await none.json()]).toEqual([401, { detail: 'Authentication credentials were not provided.' }])
    const wrong = await get('/metrics', bearer('x'.repeat(64)))
    expect([wrong.status, await wrong.json()]).toEqual([401, { detail: 'Invalid token' }])
    expect((await get('/metrics', bearer(adminToken))).status).toBe(200)
  })

  test('are created, listed and revoked; the store never has one', async () => {
    await start({ adminToken })
    const store = folderStore(server.dir)
    const { token, record } = await createToken(store, 'read', 'grafana')
    vi.setSystemTime(Date.now() + 1)
    const writer = await createToken(store, 'write')
    expect((await get('/metrics', bearer(token))).status).toBe(200)
    const refused = await get('/metrics', bearer(writer.token))
    expect([refused.status, await refused.json()]).toEqual([
      403,
      { detail: 'This token may not read. It is for: write.' },
    ])
    expect((await listTokens(store)).map(({ id, access, name }) => [id, access, name])).toEqual([
      [record.id, 'read', 'grafana'],
      [writer.record.id, 'write', undefined],
    ])
    const kept = String(await store.get(`tokens/${record.id}.json`))
    expect(kept).not.toContain(token)
    expect(kept).not.toContain(token.split('_').at(-1))
    await revokeToken(store, writer.record.id)
    expect((await listTokens(store)).length).toBe(1)
    await expect(revokeToken(store, '../builds')).rejects.toThrow('There is no token')
  })

  test('a revoked token is of no use to a server that has not seen it', async () => {
    await start({ adminToken })
    const store = folderStore(server.dir)
    const { token, record } = await createToken(store, 'read')
    await revokeToken(store, record.id)
    expect((await get('/metrics', bearer(token))).status).toBe(401)
  })

  test('guessing is slowed down, and does not keep others of the address out', async () => {
    await start({ adminToken, limits: { failures: { perSecond: 0.01, burst: 3 } } })
    const statuses = []
    for (let i = 0; i < 5; i++) statuses.push((await get('/metrics', bearer(`guess-${i}`))).status)
    expect(statuses).toEqual([401, 401, 401, 429, 429])
    expect((await get('/metrics', bearer(adminToken))).status).toBe(200)
  })

  test('a client with a token is not slowed down by others at its address', async () => {
    await start({
      adminToken,
      limits: { rate: { perSecond: 0.01, burst: 2 }, failures: { perSecond: 0.01, burst: 1 } },
    })
    const { token } = await createToken(folderStore(server.dir), 'read')
    for (let i = 0; i < 3; i++) await get('/healthz')
    expect([(await get('/healthz')).status, (await get('/metrics', bearer('wrong'))).status]).toEqual([429, 429])
    expect([await get('/metrics', bearer(token)), await get('/metrics', bearer(token))].map(ok)).toEqual([200, 200])
    expect((await get('/metrics', bearer(token))).status, 'each token has a limit').toBe(429)
    expect((await get('/metrics', bearer(adminToken))).status).toBe(200)
  })

  test('guesses cost the store one list in five seconds, once their limit is reached', async () => {
    const reads: string[] = []
    let lists = 0
    const store = {
      get: async (key: string) => void reads.push(key),
      list() {
        lists++
        return []
      },
    }
    const failures = { perSecond: 0.001, burst: 3 }
    const gate = createGate({ store: store as never, mayBeOpen: false, adminToken: undefined, failures })
    const guess = (i: number) => `Bearer mapseal_${String(i).padStart(12, '0')}_${'x'.repeat(43)}`
    for (let i = 0; i < 50; i++) await expect(gate.admit(guess(i), '10.0.0.1', 'read')).rejects.toThrow()
    expect([reads.length, lists]).toEqual([3, 1])
  })

  test('beyond loopback there must be one', async () => {
    await expect(startServer({ host: '0.0.0.0' })).rejects.toThrow('Set MAPSEAL_SERVER_TOKEN')
    const refusal = (vault: string) => createServer({ host: '0.0.0.0', root: tmpdir(), vault }).catch(String)
    const place = join(tmpdir(), 'no-vault')
    expect(await refusal('no-vault')).toContain(`"mapseal serve token create --access write --vault ${place}".`)
    expect(await refusal("no vault's")).toMatch(/ --vault '\/\S*no vault'\\''s'"\.$/)
    await start({ host: '0.0.0.0', adminToken })
    expect(server.needsTokens).toBe(true)
  })
})

test('of one address only so many connections are open, but of a trusted proxy', async () => {
  const crowd = async () => {
    const sockets = Array.from({ length: 4 }, () => dial().socket)
    await Promise.all(sockets.map(socket => once(socket, 'connect')))
    const isOpen = (socket: Socket) =>
      new Promise<boolean>(done => {
        socket.once('close', () => done(false)).once('data', () => done(true))
        socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n')
      })
    const open = await Promise.all(sockets.map(isOpen))
    for (const socket of sockets) socket.destroy()
    return open.filter(Boolean).length
  }
  await start({ limits: { connectionsPerAddress: 3 } })
  expect(await crowd()).toBe(3)
  await expect.poll(crowd).toBe(3)
  await server[Symbol.asyncDispose]()
  await start({ limits: { connectionsPerAddress: 3 }, trustedProxies: ['127.0.0.0/8'] })
  expect(await crowd()).toBe(4)
})

describe('the address of a request', () => {
  const address = (proxies: string[], remoteAddress: string, forwarded?: string) =>
    createClientAddress(proxies).of({
      socket: { remoteAddress },
      headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
    } as never)

  test.each([
    ['the one that connected', [], '10.0.0.1', '1.2.3.4', '10.0.0.1'],
    ['of a trusted proxy, what it names', ['10.0.0.1'], '10.0.0.1', '1.2.3.4', '1.2.3.4'],
    ['what the client writes does not count', ['10.0.0.1'], '10.0.0.1', '6.6.6.6, 1.2.3.4', '1.2.3.4'],
    ['through several proxies', ['10.0.0.0/8'], '10.0.0.1', '6.6.6.6, 1.2.3.4, 10.9.9.9', '1.2.3.4'],
    ['mapped to IPv6', ['10.0.0.0/8'], '::ffff:10.0.0.1', '1.2.3.4', '1.2.3.4'],
    ['with ports', ['fd00::/8'], 'fd00::1', '1.2.3.4:999, [fd00::2]:80', '1.2.3.4'],
    ['nothing that is not an address', ['10.0.0.1'], '10.0.0.1', 'unknown', '10.0.0.1'],
    ['no header', ['10.0.0.1'], '10.0.0.1', undefined, '10.0.0.1'],
  ])('%s', (_, proxies, remote, forwarded, expected) => {
    expect(address(proxies, remote, forwarded)).toBe(expected)
  })

  test.each(['proxy.example', '10.0.0.0/33', '10.0.0.0/', ''])('%j is not a proxy', proxy => {
    expect(() => resolveServerOptions({ trustedProxies: [proxy] })).toThrow('is not the address or network of a proxy')
  })
})

describe('without tokens', () => {
  test.each([
    [{ Origin: 'https://evil.example' }, 403],
    [{ 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors' }, 403],
    [{ 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' }, 200],
    [{ 'Sec-Fetch-Site': 'same-origin' }, 200],
    [{}, 200],
  ])('a page of another site gets nothing: %j', async (headers, status) => {
    await start()
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    const answer = await raw(
      `GET /metrics HTTP/1.1\r\nHost: ${new URL(server.url).host}\r\nConnection: close\r\n${lines.join('')}\r\n`,
    )
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  })

  test('a name that was made to lead to loopback is not ours', async () => {
    await start()
    const ask = (host: string) => raw(`GET /metrics HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
    expect(await ask('evil.example')).toMatch(/^HTTP\/1.1 403 /)
    expect(await ask('localhost:1')).toMatch(/^HTTP\/1.1 200 /)
    expect(await ask('a@b/c')).toMatch(/^HTTP\/1.1 400 /)
    expect(await ask('127.0.0.999')).toMatch(/^HTTP\/1.1 400 /)
  })
})

describe('with a public URL', () => {
  const url = 'https://maps.example'
  let port: number
  beforeEach(async () => {
    port = await freePort()
  })
  const ask = (host: string, extra = '') =>
    raw(`GET /metrics HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${extra}\r\n`, port)

  test('it does not start without tokens, on loopback too', async () => {
    await expect(start({ url })).rejects.toThrow(`Other machines can connect to ${url}, and there are no tokens.`)
  })

  test('it requires a token, and answers as the public host or as itself', async () => {
    await start({ url, port, adminToken })
    expect(server.needsTokens).toBe(true)
    const authorization = `Authorization: Bearer ${adminToken}\r\n`
    for (const host of ['maps.example', '127.0.0.1', 'localhost:1']) {
      expect(await ask(host)).toMatch(/^HTTP\/1.1 401 /)
      expect(await ask(host, authorization)).toMatch(/^HTTP\/1.1 200 /)
    }
    expect(await ask('evil.example', authorization)).toMatch(/^HTTP\/1.1 403 /)
  })

  test('one on loopback stays open, but not under a name that was made to lead there', async () => {
    await start({ url: 'http://localhost:9000', port })
    expect(await ask('localhost:9000')).toMatch(/^HTTP\/1.1 200 /)
    expect(await ask('evil.example')).toMatch(/^HTTP\/1.1 403 /)
  })
})

test('probes of HTTP/1.0 need no Host header; all else does', async () => {
  await start()
  expect(await raw('GET /healthz HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1.1 200 /)
  for (const path of ['/', '/metrics', '/api/0/']) {
    expect(await raw(`GET ${path} HTTP/1.0\r\n\r\n`)).toMatch(/^HTTP\/1.1 400 /)
  }
})

test('the first token closes a server that runs, within seconds, and revoking it does not open it again', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  await start()
  expect([server.needsTokens, (await get('/metrics')).status]).toEqual([false, 200])
  const store = folderStore(server.dir)
  const { token, record } = await createToken(store, 'read')
  vi.setSystemTime(Date.now() + 5001)
  expect([(await get('/metrics')).status, (await get('/metrics', bearer(token))).status]).toEqual([401, 200])
  await revokeToken(store, record.id)
  vi.setSystemTime(Date.now() + 5001)
  expect((await get('/metrics')).status).toBe(401)
})

describe('limits', () => {
  test('of requests by address', async () => {
    await start({ limits: { rate: { perSecond: 0.001, burst: 2 } } })
    expect([(await get('/healthz')).status, (await get('/healthz')).status]).toEqual([200, 200])
    const third = await get('/healthz')
    expect(third.status).toBe(429)
    const seconds = Number(third.headers.get('retry-after'))
    expect(seconds).toBeGreaterThan(500)
    expect(seconds).toBeLessThanOrEqual(1000)
  })

  test('slow headers end', async () => {
    await start({ timeouts: { headers: 300 } })
    const slow = dial()
    slow.socket.write('GET /healthz HTTP/1.1\r\n')
    const drip = setInterval(() => slow.socket.write('X: y\r\n'), 100)
    await once(slow.socket, 'close')
    clearInterval(drip)
    expect(slow.received()).toMatch(/^HTTP\/1.1 408 /)
  })

  test('silent connections end', async () => {
    await start({ timeouts: { idle: 300 } })
    const { socket, received } = dial()
    await once(socket, 'close')
    expect(received()).toBe('')
  })

  test('absurd request lines and headers are refused, and the server goes on', async () => {
    await start()
    expect(await raw('BLARG\r\n\r\n')).toMatch(/^HTTP\/1.1 400 /)
    expect(await raw(`GET / HTTP/1.1\r\nHost: a\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`)).toMatch(/^HTTP\/1.1 431 /)
    expect((await get('/healthz')).status).toBe(200)
  })
})

test('metrics name routes, not paths', async () => {
  await start()
  await get('/healthz?secret=1')
  await get('/some/path')
  const text = await (await get('/metrics')).text()
  expect(text).toContain('mapseal_http_requests_total{method="GET",route="/healthz",status="200"} 1\n')
  expect(text).toContain('mapseal_http_requests_total{method="GET",route="none",status="404"} 1\n')
  expect(text).toContain('mapseal_http_request_seconds_bucket{route="/healthz",le="+Inf"} 1\n')
  expect(text).toMatch(/^mapseal_connections [1-9]/m)
  expect(text).not.toContain('path')
})

test('the log has neither tokens nor query strings', async () => {
  await start({ adminToken })
  await get('/metrics?sentry_key=hush', bearer(adminToken))
  const logged = () => server.log.join('')
  await expect.poll(logged).toContain('"path":"/metrics"')
  const text = logged()
  expect(text).not.toContain('hush')
  expect(text).not.toContain(adminToken)
})

test('options that make no sense are errors', async () => {
  for (const options of [
    { port: -1 },
    { org: 'A b' },
    { projects: ['12'] },
    { adminToken: 'short' },
    { url: 'https://x/y' },
    { retain: 0 },
    { events: { days: 0 } },
    { projects: [] },
    { limits: { chunkBytes: 0 } },
    { limits: { entries: 1.5 } },
    { limits: { heldBytes: Number.POSITIVE_INFINITY } },
    { limits: { ratio: '200' } },
    { limits: { rate: { perSecond: 0, burst: 1 } } },
    { limits: { events: 5 } },
    { limits: null },
    { timeouts: { idle: Number.NaN } },
    { timeouts: { request: 2 ** 31 } },
  ] as ServerOptions[]) {
    await expect(startServer(options)).rejects.toThrow('[mapseal] [server]')
  }
  await expect(startServer({ prot: 1 } as ServerOptions)).rejects.toThrow('Did you mean')
  for (const [options, meant] of [
    [{ events: { day: 1 } }, 'days'],
    [{ limits: { chunkByte: 1 } }, 'chunkBytes'],
    [{ limits: { rate: { perSeconds: 1 } } }, 'perSecond'],
    [{ timeouts: { header: 1 } }, 'headers'],
  ] as const) {
    await expect(startServer(options as object)).rejects.toThrow(`Did you mean "${meant}"?`)
  }
})

test('what is undefined has its default', () => {
  const limits = { chunkBytes: undefined, entries: 7, rate: { perSecond: undefined, burst: 9 } }
  const given = { limits, timeouts: { idle: undefined }, events: { days: undefined } } as unknown as ServerOptions
  const defaults = resolveServerOptions({})
  const resolved = resolveServerOptions(given)
  const rate = { perSecond: defaults.limits.rate.perSecond, burst: 9 }
  expect(resolved.limits).toEqual({ ...defaults.limits, entries: 7, rate })
  expect([resolved.timeouts, resolved.events]).toEqual([defaults.timeouts, defaults.events])
})

test('a port that is taken is an error that says so', async () => {
  await start()
  await expect(startServer({ port: Number(new URL(server.url).port) })).rejects.toThrow('Choose another --port')
})
