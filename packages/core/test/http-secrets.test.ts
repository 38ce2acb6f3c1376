import { inspect } from 'node:util'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { type Fault, type FaultServer, faultServer, type Reply } from '../../../test/support/fault-server.ts'
import { createFetch, type FetchOptions } from '../src/http/index.ts'

/** No error contains a secret or the body that was sent. */

const secrets = {
  option: 'opt-5ecret/with+signs "quoted"',
  bearer: 'sntrys_5ecretBearer',
  apiKey: '5ecret-api-key',
  user: 'us5er@acme',
  password: 'pa5s/word',
  query: '5ecret-in-query',
  body: 'const original = "5ource"',
}

let server: FaultServer
beforeAll(async () => {
  server = await faultServer()
})
afterEach(() => {
  server.heal()
})
afterAll(() => server.close())

async function failureMessage(options: Partial<FetchOptions> = {}, address = server.url): Promise<string> {
  const timeouts = { headers: 200, body: 200, exchange: 600, backoff: 5 }
  const signal = new AbortController().signal
  const base = { signal, userAgent: 'test', env: {}, timeouts, secrets: ['', secrets.option] }
  const client = createFetch({ ...base, ...options })
  const credentials = `//${encodeURIComponent(secrets.user)}:${encodeURIComponent(secrets.password)}@`
  const url = `${address.replace('//', credentials)}/up/${encodeURIComponent(secrets.option)}?api_key=${secrets.query}`
  const headers = { authorization: `Bearer ${secrets.bearer}`, 'DD-API-KEY': secrets.apiKey }
  try {
    const answer = await client.fetch(url, { method: 'POST', headers, body: secrets.body })
    answer.json()
    return 'parsed'
  } catch (error) {
    const { message, stack, cause } = error as Error
    return [
      message,
      stack,
      String(error),
      JSON.stringify(error),
      inspect(error, { depth: 9, showHidden: true }),
      inspect(cause),
    ].join('\n')
  } finally {
    await client.close()
  }
}

function expectNoSecret(text: string): void {
  const base64 = Buffer.from(`${secrets.user}:${secrets.password}`).toString('base64')
  for (const secret of [...Object.values(secrets), base64]) {
    expect(text).not.toContain(secret)
    expect(text).not.toContain(encodeURIComponent(secret))
    expect(text).not.toContain(JSON.stringify(secret).slice(1, -1))
  }
  expect(text).toContain('[mapseal] [http] POST http')
}

const faults: [string, Fault][] = [
  ['reset', { fault: 'reset' }],
  ['reset in the answer', { fault: 'reset-in-answer' }],
  ['reset in the request', { fault: 'reset-in-request' }],
  ['hang', { fault: 'hang' }],
  ['slow', { fault: 'slow', everyMs: 50 }],
  ['truncated JSON', { fault: 'truncated-json' }],
  ['HTML', { fault: 'html' }],
  ['401', { status: 401 }],
  ['500', { status: 500 }],
  ['302', { status: 302, headers: { location: '/login?api_key=5ecret-in-query' } }],
]
it.each(faults)('after %s', async (_, fault) => {
  server.on('POST', /.*/, () => ({ body: { detail: 'x'.repeat(50) } }))
  server.fault('POST', /.*/, fault, Number.POSITIVE_INFINITY)
  expectNoSecret(await failureMessage())
})

it('when nothing listens', async () => {
  expectNoSecret(await failureMessage({}, 'http://127.0.0.1:1'))
})

const echoes: [string, () => Reply][] = [
  ['an error', () => ({ status: 400, body: { detail: Object.values(secrets).slice(0, 6).join(' ') } })],
  ['plain text', () => ({ status: 403, body: `Bearer ${secrets.bearer} ${secrets.apiKey}` })],
  ['one that JSON spells otherwise', () => ({ status: 403, body: { given: [secrets.option, secrets.password] } })],
  ['one with control characters in it', () => ({ status: 403, body: { detail: `${secrets.bearer}\u0000\u001b` } })],
  ['one at the edge of what is shown', () => ({ status: 400, body: `${'x'.repeat(290)}${secrets.bearer}` })],
  ['a body that is not JSON', () => ({ status: 200, body: `${'x'.repeat(70)}${secrets.bearer}` })],
  [
    'a title',
    () => ({ status: 500, headers: { 'content-type': 'text/html' }, body: `<title>${secrets.apiKey}</title>` }),
  ],
  ['a content type', () => ({ status: 200, headers: { 'content-type': secrets.apiKey }, body: '-' })],
]
it.each(echoes)('repeated by the server in %s', async (_, reply) => {
  server.fault('POST', /.*/, reply(), Number.POSITIVE_INFINITY)
  const text = await failureMessage()
  expectNoSecret(text)
  expect(text).not.toMatch(/sntrys_|5ecret|pa5s/)
})

it('of Basic credentials that the caller made', async () => {
  server.fault('POST', /.*/, { status: 400, body: 'bad user acme-name with acme-word' })
  const client = createFetch({ signal: new AbortController().signal, userAgent: 'test', env: {} })
  const authorization = `Basic ${Buffer.from('acme-name:acme-word').toString('base64')}`
  await expect(client.fetch(`${server.url}/x`, { method: 'POST', headers: { authorization } })).rejects.toThrow(
    '(bad user [redacted] with [redacted])',
  )
  await client.close()
})

it('but no ordinary words', async () => {
  server.fault('POST', /.*/, { status: 401, body: 'Bearer or Sentry with 1-2-3-4? Not abcd-key.' })
  const client = createFetch({ signal: new AbortController().signal, userAgent: 'test', env: {} })
  const headers = { authorization: 'Bearer 1-2-3-4', 'x-sentry-auth': 'Sentry sentry_version=7, sentry_key=abcd-key' }
  await expect(client.fetch(`${server.url}/x`, { method: 'POST', headers })).rejects.toThrow(
    '(Bearer or Sentry with [redacted]? Not [redacted].)',
  )
  await expect(client.fetch('http://sentry.example/x')).rejects.toThrow('http://sentry.example/x would')
  await client.close()
})

it('of an address that is refused', async () => {
  const options = { signal: new AbortController().signal, userAgent: 'test', env: {}, secrets: ['hook-1234'] }
  const client = createFetch(options)
  const error = await client.fetch('http://name:word@chat.example/hook-1234?q=1').catch((cause: unknown) => cause)
  expect(inspect(error)).toContain('http://chat.example/[redacted] would')
  expect(inspect(error)).not.toMatch(/name|word@|q=1/)
  await client.close()
})

it('of a proxy', async () => {
  const env = { HTTP_PROXY: 'http://acme-name:acme-word@127.0.0.1:1' }
  const options = { signal: new AbortController().signal, userAgent: 'test', env, allowInsecure: true }
  const client = createFetch({ ...options, timeouts: { backoff: 1 } })
  const error = await client.fetch('http://sentry.example/x').catch((cause: unknown) => cause)
  expect(inspect(error)).toContain('through the proxy 127.0.0.1:1 (ECONNREFUSED)')
  expect(inspect(error, { showHidden: true, depth: 9 })).not.toMatch(/acme-/)
  await client.close()
})
