import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FaultServer, faultServer, type PrivateCa, privateCa } from '../../../test/support/fault-server.ts'
import { type Tinyproxy, tinyproxy, tinyproxyProblem } from '../../../test/support/tinyproxy.ts'
import { createFetch, type FetchOptions } from '../src/http/index.ts'
import { proxyFor } from '../src/http/proxy.ts'

const problem = await tinyproxyProblem()

/** Requests to loopback never go through a proxy. This address leads to the same listeners without being loopback. */
const here = (url: string) => url.replace('127.0.0.1', '0.0.0.0')

async function get(url: string, options: Partial<FetchOptions>, body?: Buffer): Promise<string> {
  const { fetch, close } = createFetch({
    signal: new AbortController().signal,
    userAgent: 'test',
    allowInsecure: true,
    timeouts: { backoff: 5 },
    ...options,
  })
  try {
    return (await fetch(`${url}/ok?token=5ecret`, { method: body ? 'PUT' : 'GET', ...(body && { body }) })).text
  } catch (error) {
    return (error as Error).message
  } finally {
    await close()
  }
}

describe.skipIf(problem)(`through a real proxy${problem ? ` (${problem})` : ''}`, () => {
  let authority: PrivateCa
  let plain: FaultServer
  let secure: FaultServer
  let proxy: Tinyproxy
  let locked: Tinyproxy
  beforeAll(async () => {
    authority = await privateCa()
    plain = await faultServer()
    secure = await faultServer(authority)
    for (const server of [plain, secure]) server.on('*', '/ok', ({ body }) => ({ body: `sealed ${body.length}` }))
    proxy = await tinyproxy(`ConnectPort ${secure.port}`)
    locked = await tinyproxy(`ConnectPort ${secure.port}`, 'BasicAuth acme pa55word')
  })
  afterAll(async () => {
    for (const one of [proxy, locked, plain, secure]) await one?.close()
    await authority?.[Symbol.asyncDispose]()
  })
  beforeEach(() => {
    plain.requests.splice(0)
    secure.requests.splice(0)
  })
  const env = (host = proxy.host) => ({ HTTP_PROXY: `http://${host}`, HTTPS_PROXY: `http://${host}` })
  const tunnels = async () => (await proxy.log()).split('\n').filter(line => line.includes('CONNECT 0.0.0.0')).length

  it('http: goes', async () => {
    expect(await get(here(plain.url), { env: env() })).toBe('sealed 0')
    expect(plain.requests[0]?.headers.via).toContain('tinyproxy')
    expect(plain.requests[0]?.headers.host).toBe(`0.0.0.0:${plain.port}`)
  })

  it('https: goes, by CONNECT, with a body of some size', async () => {
    const before = await tunnels()
    expect(await get(here(secure.url), { env: env(), ca: authority.ca }, Buffer.alloc(3_000_000))).toBe(
      'sealed 3000000',
    )
    expect(await tunnels()).toBe(before + 1)
    expect(secure.requests[0]?.headers.via).toBeUndefined()
  })

  it('needs the private authority through the tunnel too', async () => {
    expect(await get(here(secure.url), { env: env() })).toMatch(
      /could not be reached through the proxy 127\.0\.0\.1:\d+: TLS failed \(\w+\)\. If a private authority/,
    )
  })

  it.each(['0.0.0.0', '*', 'other.example,0.0.0.0', '0.0.0.0/8'])('NO_PROXY=%s goes past it', async exception => {
    expect(await get(here(plain.url), { env: { ...env(), NO_PROXY: exception } })).toBe('sealed 0')
    expect(plain.requests[0]?.headers.via).toBeUndefined()
    const before = await tunnels()
    expect(await get(here(secure.url), { env: { ...env(), no_proxy: exception }, ca: authority.ca })).toBe('sealed 0')
    expect(await tunnels()).toBe(before)
  })

  it('loopback goes past it', async () => {
    expect(await get(plain.url, { env: env('127.0.0.1:1') })).toBe('sealed 0')
    expect(await get(secure.url.replace('127.0.0.1', 'localhost'), { env: env('127.0.0.1:1'), ca: authority.ca })).toBe(
      'sealed 0',
    )
  })

  it('its credentials are sent to it alone', async () => {
    const known = env(`acme:pa55word@${locked.host}`)
    expect(await get(here(plain.url), { env: known })).toBe('sealed 0')
    expect(await get(here(secure.url), { env: known, ca: authority.ca })).toBe('sealed 0')
    const { headers } = { ...plain.requests[0] }
    expect([headers?.['proxy-authorization'], secure.requests[0]?.headers['proxy-authorization']]).toEqual([
      undefined,
      undefined,
    ])
  })

  it('without them it says what to do', async () => {
    const unknown = env(locked.host)
    const advice = 'Put a name and a password into the URL of the proxy: HTTPS_PROXY, HTTP_PROXY.'
    for (const url of [here(plain.url), here(secure.url)]) {
      const message = await get(url, { env: unknown, ca: authority.ca })
      expect(message).toContain('answered 407')
      expect(message).toContain(advice)
    }
    const wrong = await get(here(secure.url), { env: env(`acme:wr0ngword@${locked.host}`), ca: authority.ca })
    expect(wrong).toMatch(/through the proxy 127\.0\.0\.1:\d+, which answered 40[17]/)
    expect(wrong).not.toMatch(/wr0ng|acme|5ecret/)
  })

  it('reports a refused tunnel without a retry', async () => {
    const url = `https://0.0.0.0:${plain.port}`
    expect(await get(url, { env: env() })).toMatch(
      /could not be reached through the proxy 127\.0\.0\.1:\d+, which answered 403\. Let the proxy connect/,
    )
  })

  it('what it cannot reach is tried again', async () => {
    const gone = await faultServer()
    await gone.close()
    expect(await get(here(gone.url), { env: env() })).toMatch(/answered 50\d \(an HTML page, “.*”\) after 5 tries/)
  })
})

it('a proxy that is not there is named', async () => {
  const env = { https_proxy: '127.0.0.1:1', HTTPS_PROXY: 'http://other.example' }
  expect(await get('https://sentry.example', { env })).toContain(
    'https://sentry.example/ok could not be reached through the proxy 127.0.0.1:1 (ECONNREFUSED) after 5 tries',
  )
})

it.each(['socks5://127.0.0.1:1', 'http://', 'http://a b'])('HTTPS_PROXY=%s is refused', async value => {
  expect(await get('https://sentry.example', { env: { HTTPS_PROXY: value } })).toContain(
    'HTTPS_PROXY does not hold the URL of an HTTP proxy.',
  )
})

describe('the choice of a proxy', () => {
  const proxied = (url: string, env: NodeJS.ProcessEnv) => proxyFor(new URL(url), env)?.host
  const both = { HTTP_PROXY: 'http://plain:1', HTTPS_PROXY: 'http://secure:2' }

  it('is by scheme, lower case first', () => {
    expect(proxied('http://a.example', both)).toBe('plain:1')
    expect(proxied('https://a.example', both)).toBe('secure:2')
    expect(proxied('https://a.example', { ...both, https_proxy: 'low:3' })).toBe('low:3')
    expect(proxied('https://a.example', { ...both, https_proxy: ' ' })).toBe('secure:2')
    expect(proxied('https://a.example', { HTTP_PROXY: 'http://plain:1' })).toBeUndefined()
    expect(proxied('https://a.example', {})).toBeUndefined()
  })

  it.each([
    ['example.com', 'https://example.com', true],
    ['example.com', 'https://EXAMPLE.com', true],
    ['example.com', 'https://a.b.example.com', true],
    ['.example.com', 'https://a.example.com', true],
    ['*.example.com', 'https://a.example.com', true],
    ['example.com', 'https://myexample.com', false],
    ['example.com:8443', 'https://example.com:8443', true],
    ['example.com:8443', 'https://example.com', false],
    ['example.com:443', 'https://example.com', true],
    ['a.example b.example', 'https://b.example', true],
    ['a.example, b.example', 'https://b.example', true],
    ['10.0.0.0/8', 'https://10.1.2.3', true],
    ['10.0.0.0/8', 'https://11.1.2.3', false],
    ['10.0.0.0/8', 'https://10.example', false],
    ['10.0.0.0/99,nonsense/x', 'https://10.1.2.3', false],
    ['10.1.2.3', 'https://10.1.2.3', true],
    ['0.3', 'https://10.1.0.3', false],
    ['fd00::/8', 'https://[fd00::1]', true],
    ['[fd00::1]:443', 'https://[fd00::1]', true],
    ['fd00::1', 'https://[fd00::1]', true],
    ['*', 'https://anything.example', true],
    ['', 'https://anything.example', false],
  ])('NO_PROXY=%s and %s: past it %s', (exceptions, url, isPast) => {
    expect(proxied(url, { ...both, NO_PROXY: exceptions }) === undefined).toBe(isPast)
  })

  it.each(['http://localhost:80', 'http://127.0.0.1', 'http://127.9.9.9', 'https://[::1]:8'])('%s needs none', url => {
    expect(proxied(url, both)).toBeUndefined()
  })
})
