import { setTimeout as sleep } from 'node:timers/promises'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Fault, type FaultServer, faultServer } from '../../../test/support/fault-server.ts'
import { HttpError, MapsealError } from '../src/errors.ts'
import { createFetch, type FetchClient, type FetchOptions } from '../src/http/index.ts'

let server: FaultServer
let clients: FetchClient[]
beforeEach(async () => {
  server = await faultServer()
  clients = []
  server.on('*', /^\/ok/, () => ({ body: { ok: true } }))
})
afterEach(async () => {
  for (const client of clients) await client.close()
  await server.close()
})

/** Long enough for everything but a missing answer, even on a slow machine. */
const timeouts = { connect: 10_000, headers: 10_000, body: 10_000, exchange: 30_000, backoff: 5 }
const impatient = { headers: 1000, body: 1000, exchange: 3000 }

function client(options: Partial<FetchOptions> = {}): FetchClient {
  const made = createFetch({
    signal: new AbortController().signal,
    userAgent: 'mapseal/test',
    env: {},
    ...options,
    timeouts: { ...timeouts, ...options.timeouts },
  })
  clients.push(made)
  return made
}

async function failure(promise: Promise<unknown>): Promise<HttpError> {
  const error = await promise.then(
    () => undefined,
    (cause: unknown) => cause,
  )
  expect(error).toBeInstanceOf(HttpError)
  return error as HttpError
}

describe('an exchange', () => {
  it('sends what it is given, and its name', async () => {
    server.on('POST', '/echo', ({ body, headers }) => ({ body: { length: body.length, agent: headers['user-agent'] } }))
    const { fetch } = client()
    const answer = await fetch(`${server.url}/echo?x=1`, { method: 'POST', body: 'naïve', headers: { 'X-One': '1' } })
    expect(answer.json()).toEqual({ length: 6, agent: 'mapseal/test' })
    expect([answer.status, answer.header('Content-Type'), answer.header('no')]).toEqual([
      200,
      'application/json',
      undefined,
    ])
    const [request] = server.requests
    expect([request?.method, request?.query.get('x'), request?.headers['x-one']]).toEqual(['POST', '1', '1'])
  })

  it.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
    ['deflate', deflateSync],
    ['gzip', (bytes: Buffer) => bytes],
  ] as const)('reads an answer that is compressed without being asked for: %s', async (encoding, compress) => {
    const body = compress(Buffer.from('{"fine":true}'))
    server.on('GET', '/packed', () => ({ body, headers: { 'content-encoding': encoding } }))
    const { fetch } = client()
    expect((await fetch(`${server.url}/packed`)).json()).toEqual({ fine: true })
  })

  it('keeps its connection', async () => {
    const { fetch } = client()
    for (let count = 0; count < 5; count++) await fetch(`${server.url}/ok`)
    expect(new Set(server.requests.map(request => request.connection)).size).toBeLessThan(3)
  })

  it('ends at once where its body cannot be read', async () => {
    server.on('POST', '/echo', () => ({ body: 'ok' }))
    function* pieces() {
      yield Buffer.alloc(1000)
      throw new MapsealError('test', 'The temporary file cannot be read.')
    }
    const sent = client().fetch(`${server.url}/echo`, { method: 'POST', body: { size: 2000, pieces } })
    await expect(sent).rejects.toThrow(new MapsealError('test', 'The temporary file cannot be read.'))
    expect(server.requests).toEqual([])
  })

  it('sends 20 MB byte for byte', async () => {
    const { fetch } = client()
    const body = Buffer.alloc(20_000_003, 'abcdefg')
    await fetch(`${server.url}/ok`, { method: 'PUT', body: new Uint8Array(body) })
    expect(server.requests[0]?.body.equals(body)).toBe(true)
    expect(server.requests[0]?.headers['content-length']).toBe('20000003')
  })

  it('sends the credentials of its URL as a header', async () => {
    await client().fetch(`${server.url.replace('//', '//na%40me:pass@')}/ok`)
    const credentials = Buffer.from('na@me:pass').toString('base64')
    expect(server.requests[0]?.headers.authorization).toBe(`Basic ${credentials}`)
  })

  it('runs a hundred at once without a warning, and leaves no listener', async () => {
    const warnings: Error[] = []
    const onWarning = (warning: Error) => warnings.push(warning)
    process.on('warning', onWarning)
    const { fetch } = client()
    await Promise.all(Array.from({ length: 100 }, () => fetch(`${server.url}/ok`)))
    await sleep(10)
    process.off('warning', onWarning)
    expect(warnings).toEqual([])
  })

  it('returns accepted statuses and does not try them again', async () => {
    server.fault('GET', '/ok', { status: 404, body: 'none' })
    server.fault('GET', '/ok', { status: 503, body: 'later' })
    const { fetch } = client()
    expect((await fetch(`${server.url}/ok`, { accept: [404] })).text).toBe('none')
    expect((await fetch(`${server.url}/ok`, { accept: [503] })).status).toBe(503)
    expect(server.requests).toHaveLength(2)
  })
})

describe('tries again', () => {
  const passing: [string, Fault, number][] = [
    ['a reset before the answer', { fault: 'reset' }, 1],
    ['a reset in the answer', { fault: 'reset-in-answer' }, 1],
    ['no answer', { fault: 'hang' }, 1],
    ['408', { status: 408 }, 1],
    ['425', { status: 425 }, 1],
    ['429 without Retry-After', { status: 429 }, 2],
    ['500 once', { status: 500 }, 1],
    ['503 three times', { status: 503 }, 3],
    ['599 four times', { status: 599 }, 4],
  ]
  it.each(passing)('after %s', async (_, fault, times) => {
    server.fault('POST', '/ok', fault, times)
    const answer = await client({ timeouts: { headers: 1500 } }).fetch(`${server.url}/ok`, {
      method: 'POST',
      body: 'x',
    })
    expect(answer.json()).toEqual({ ok: true })
    expect(server.requests).toHaveLength(times + 1)
    expect(server.requests.at(-1)?.body.toString()).toBe('x')
  })

  it('after a reset in the request, with the whole body', async () => {
    server.fault('PUT', '/ok', { fault: 'reset-in-request' })
    const body = Buffer.alloc(5_000_000, 'x')
    await client().fetch(`${server.url}/ok`, { method: 'PUT', body })
    expect(server.requests.map(request => request.body.length)).toEqual([0, 5_000_000])
  })

  it('when the server is back', async () => {
    await server.refuse()
    const answer = client({ timeouts: { backoff: 200 } }).fetch(`${server.url}/ok`)
    await sleep(100)
    await server.accept()
    expect((await answer).status).toBe(200)
  })

  it('at most five times', async () => {
    server.fault('GET', '/ok', { status: 500, body: { detail: 'boom' } }, Number.POSITIVE_INFINITY)
    const error = await failure(client().fetch(`${server.url}/ok?key=1`))
    expect(server.requests).toHaveLength(5)
    expect(error.status).toBe(500)
    expect(error.message).toMatch(
      /^\[mapseal\] \[http\] GET http:\/\/127\.0\.0\.1:\d+\/ok answered 500 \(boom\) after 5 tries in \d s\. The problem is on the server side\. Run `mapseal flush` when it is resolved\.$/,
    )
  })

  it('when Retry-After says so', async () => {
    server.fault('GET', '/ok', { status: 429, headers: { 'retry-after': '1' } })
    await client().fetch(`${server.url}/ok`)
    const [first, second] = server.requests
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(990)
  })

  it('when X-Sentry-Rate-Limits says so', async () => {
    const limits = '1:error;transaction:organization, 0::key'
    server.fault('GET', '/ok', { status: 429, headers: { 'x-sentry-rate-limits': limits } })
    await client().fetch(`${server.url}/ok`)
    const [first, second] = server.requests
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(990)
  })

  const hour = 3_600_000
  const clocks: [string, number, number][] = [
    ['right', 0, 0],
    ['three hours late', -3 * hour, 0],
    ['three hours early', 3 * hour, 0],
    ['at odds with itself', 0, 3 * hour],
    ['at odds with itself the other way', 0, -3 * hour],
  ]
  it.each(clocks)('within bounds when its clock is %s', async (_, skew, odds) => {
    const date = (ms: number) => new Date(Date.now() + ms).toUTCString()
    const headers = { date: date(skew), 'retry-after': date(skew + odds + 1000) }
    server.fault('GET', '/ok', { status: 503, headers })
    expect((await client().fetch(`${server.url}/ok`)).status).toBe(200)
  })

  it('not at all when that is beyond its time', async () => {
    server.fault('GET', '/ok', { status: 429, headers: { 'retry-after': '3600' } })
    const error = await failure(client().fetch(`${server.url}/ok`))
    expect(error.message).toContain('answered 429, asks to wait 3600 s. The server limits its requests.')
    expect(server.requests).toHaveLength(1)
  })
})

describe('a request that is not part of a delivery is tried twice, and no flush repeats it', () => {
  it.each([
    ['a reset', { fault: 'reset' }, 'Check the URL and the network (HTTPS_PROXY, a firewall). Is the server running?'],
    ['silence', { fault: 'hang' }, 'a firewall), or try again when the server answers.'],
    ['503', { status: 503 }, 'The problem is on the server side. Try again when it is resolved.'],
    ['429', { status: 429 }, 'The server limits its requests. Try again later.'],
  ] as [string, Fault, string][])('%s', async (_, fault, words) => {
    server.fault('GET', '/ok', fault, Number.POSITIVE_INFINITY)
    const { fetch } = client({ isDelivery: false, timeouts: impatient })
    const { message } = await failure(fetch(`${server.url}/ok`))
    expect(message).toContain(words)
    expect(message).not.toContain('flush')
    expect(server.requests).toHaveLength(2)
  })
})

describe('gives up at once', () => {
  const lasting: [number, string][] = [
    [400, "Check the destination's options."],
    [401, 'Check the token'],
    [403, 'Check that the token may do this'],
    [404, 'Check the URL'],
    [407, 'Put a name and a password into the URL of the proxy'],
    [413, 'It is more than the server'],
    [422, "Check the destination's options."],
  ]
  it.each(lasting)('on %i, and says what to do', async (status, advice) => {
    server.fault('POST', '/ok', { status, body: { detail: { message: 'so\u0000 it\u001b[31m\nis' } } })
    const error = await failure(client().fetch(`${server.url}/ok`, { method: 'POST' }))
    expect(error.status).toBe(status)
    expect(error.message).toContain(`answered ${status} (so it [31m is). ${advice}`)
    expect(server.requests).toHaveLength(1)
  })

  it.each([
    [{ error: 'one' }, '(one)'],
    [{ errors: ['one', { message: 'two' }] }, '(one; two)'],
    [{ detail: null, message: 'three' }, '(three)'],
    [{ projects: ['Required'] }, '({"projects":["Required"]})'],
    ['plain words', '(plain words)'],
    ['', '400. '],
  ])('with the words of %j', async (body, words) => {
    server.fault('GET', '/ok', { status: 400, body })
    expect((await failure(client().fetch(`${server.url}/ok`))).message).toContain(words)
  })

  it('with few of the words of a long answer, and the title of a page', async () => {
    server.fault('GET', '/ok', { status: 400, body: 'x'.repeat(100_000) })
    expect((await failure(client().fetch(`${server.url}/ok`))).message.length).toBeLessThan(500)
    const page = '<html><head><title>Bad\nrequest</title></head>…</html>'
    server.fault('GET', '/ok', { status: 400, headers: { 'content-type': 'text/html' }, body: page })
    expect((await failure(client().fetch(`${server.url}/ok`))).message).toContain('(an HTML page, “Bad request”)')
  })

  it('on 413 before the body is read', async () => {
    server.fault('PUT', '/ok', { fault: 'too-large' })
    const error = await failure(client().fetch(`${server.url}/ok`, { method: 'PUT', body: Buffer.alloc(20_000_000) }))
    expect(error.status).toBe(413)
  })

  it('on a redirect, with its host alone', async () => {
    const location = 'https://user:pw@login.example/sign-in?ticket=abc'
    server.fault('GET', '/ok', { status: 302, headers: { location } })
    const { message } = await failure(client().fetch(`${server.url}/ok`))
    expect(message).toContain(
      'answered 302 (a redirect to login.example). Set the URL to the address that it leads to.',
    )
    expect(message).not.toMatch(/ticket|pw|sign-in/)
    expect(server.requests).toHaveLength(1)
  })

  it('on an answer without end', async () => {
    server.on('GET', '/big', () => ({ body: Buffer.alloc(17 * 2 ** 20) }))
    const { message } = await failure(client().fetch(`${server.url}/big`))
    expect(message).toContain('answered with more than 16 MB')
    expect(server.requests).toHaveLength(1)
  })

  it('when plain http: would leave this machine', async () => {
    const { fetch } = client()
    for (const host of ['sentry.example', '10.0.0.1', '127.0.0.1.example.com', '[::2]', '0.0.0.0']) {
      expect((await failure(fetch(`http://${host}/x?y=1`))).message).toContain(
        `http://${host}/x would send source maps and tokens in the clear. Use https:`,
      )
    }
    const allowed = client({ allowInsecure: true })
    expect((await allowed.fetch(`http://0.0.0.0:${server.port}/ok`)).status).toBe(200)
    expect((await fetch(`http://localhost:${server.port}/ok`)).status).toBe(200)
  })

  it('when there is no such URL', async () => {
    const { fetch } = client()
    expect((await failure(fetch('sentry.io/secret'))).message).toContain("request's address is not a URL")
    expect((await failure(fetch('ftp://sentry.io/x'))).message).toContain('is neither https: nor http:')
  })

  it('when a header cannot be sent', async () => {
    const error = await failure(client().fetch(`${server.url}/ok`, { headers: { authorization: 'Bearer a\nb' } }))
    expect(error.message).toContain('cannot be sent (invalid authorization header). Check the options.')
  })
})

describe('never hangs', () => {
  it.each([
    ['is silent', { fault: 'hang' }, 'timed out (no answer) after'],
    ['reads nothing', { fault: 'hang-unread' }, 'timed out (no answer) after'],
    ['answers a byte at a time', { fault: 'slow', everyMs: 100 }, 'timed out (its answer does not end)'],
    ['answers a byte and no more', { fault: 'slow', everyMs: 60_000 }, 'timed out (its answer does not end) after'],
  ] as [string, Fault, string][])('when the server %s', async (_, fault, words) => {
    server.on('PUT', '/ok', () => ({ body: 'x'.repeat(1000) }))
    server.fault('PUT', '/ok', fault, Number.POSITIVE_INFINITY)
    const put = client({ timeouts: impatient }).fetch(`${server.url}/ok`, {
      method: 'PUT',
      body: Buffer.alloc(8_000_000),
    })
    const error = await failure(put)
    expect(error.message).toContain(words)
    expect(error.message).toContain('Check the URL and the network')
    expect(error.status).toBeUndefined()
  })

  it('when nothing listens', async () => {
    await server.refuse()
    const { message } = await failure(client().fetch(`${server.url}/ok`))
    expect(message).toMatch(
      /could not be reached \(ECONNREFUSED\) after 5 tries in \d s\. Check the URL and the network/,
    )
  })

  it('when no connection comes about', async () => {
    // A full backlog would be another way; this address is for documentation, and leads nowhere.
    const { fetch } = client({ timeouts: { connect: 500, exchange: 1500 } })
    const { message } = await failure(fetch('https://192.0.2.1/x'))
    expect(message).toMatch(/timed out|could not be reached/)
  })

  it('when DNS does not know the host', async () => {
    const { message } = await failure(client().fetch('https://nowhere.invalid/x'))
    expect(message).toMatch(/could not be reached: DNS does not know nowhere\.invalid \(E\w+\)|timed out/)
  })

  it('but takes its time over a slow uplink', async () => {
    server.fault('PUT', '/ok', { fault: 'slow-reading', everyMs: 10 })
    const exchange = 5000
    const { fetch } = client({ timeouts: { exchange } })
    const begin = performance.now()
    await fetch(`${server.url}/ok`, { method: 'PUT', body: Buffer.alloc(40_000_000) })
    expect(performance.now() - begin).toBeGreaterThan(exchange)
    expect(server.requests).toHaveLength(1)
  })
})

describe('ends', () => {
  it.each([
    ['a silent server', { fault: 'hang' }],
    ['an answer under way', { fault: 'slow', everyMs: 1000 }],
    ['the wait for another try', { status: 503, headers: { 'retry-after': '20' } }],
  ] as [string, Fault][])('%s at the signal', async (_, fault) => {
    server.fault('GET', '/ok', fault, Number.POSITIVE_INFINITY)
    const controller = new AbortController()
    const { fetch } = client({ signal: controller.signal })
    const exchange = failure(fetch(`${server.url}/ok`))
    await expect.poll(() => server.requests.length).toBe(1)
    controller.abort()
    expect((await exchange).message).toContain('/ok was interrupted. Run `mapseal flush`')
    expect((await failure(fetch(`${server.url}/ok`))).message).toContain('was interrupted')
    expect(server.requests).toHaveLength(1)
  })

  it('all at close, and refuses more', async () => {
    server.fault('GET', '/ok', { fault: 'hang' })
    const { fetch, close } = client()
    const exchange = failure(fetch(`${server.url}/ok`))
    await expect.poll(() => server.requests.length).toBe(1)
    await close()
    expect((await exchange).message).toContain('was interrupted')
    expect((await failure(fetch(`${server.url}/ok`))).message).toContain('after the client was closed')
  })
})

describe('a body that is not JSON', () => {
  async function failureMessage(body: string, type?: string): Promise<string> {
    server.on('GET', '/json', () => ({ body, ...(type && { headers: { 'content-type': type } }) }))
    const answer = await client({ secrets: ['hush-hush'] }).fetch(`${server.url}/json`)
    try {
      answer.json()
      return 'parsed'
    } catch (error) {
      expect(error).toBeInstanceOf(HttpError)
      return (error as Error).message
    }
  }

  it('is quoted in the error', async () => {
    expect(await failureMessage('{"chunks": [1, 2', 'application/json')).toContain(
      '/json answered 200 with a body that is not JSON (application/json: {"chunks": [1, 2). If it breaks off, try again',
    )
    expect(await failureMessage('')).toContain('with nothing where JSON was expected')
    expect(await failureMessage(`hush-hush${'x'.repeat(100)}`)).toContain(`(text/plain: [redacted]${'x'.repeat(69)}…)`)
  })

  it("is known as a proxy's page", async () => {
    server.fault('GET', '/ok', { fault: 'html' })
    const answer = await client().fetch(`${server.url}/ok`)
    expect(() => answer.json()).toThrow(
      /an HTML page where JSON was expected \(text\/html; charset=utf-8: <!DOCTYPE html>.*…\): a proxy's, or that of a login/,
    )
  })

  it('may be truncated', async () => {
    server.fault('GET', '/ok', { fault: 'truncated-json' })
    const answer = await client().fetch(`${server.url}/ok`)
    expect(() => answer.json()).toThrow('a body that is not JSON (application/json: {"ok":). If it breaks off')
  })
})
