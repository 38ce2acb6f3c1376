import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type FaultServer, faultServer } from '../../../test/support/fault-server.ts'
import { createRequestHandler } from '../src/vault/s3/request-handler.ts'

/** What the AWS SDK relies on, beyond what its calls in the other tests show. */

let server: FaultServer
beforeEach(async () => {
  server = await faultServer()
  server.on('*', /.*/, ({ body }) => ({ body, headers: { 'x-one': '1' } }))
})
afterEach(() => server.close())

function send(options: { body?: string | AsyncIterable<Uint8Array>; signal?: AbortSignal; idleMs?: number } = {}) {
  const { body, signal, idleMs = 10_000 } = options
  const request = {
    method: 'PUT',
    protocol: 'http:',
    hostname: '127.0.0.1',
    port: server.port,
    path: '/bucket/a%20b',
    query: { uploads: '', 'x-id': ['b!', 'a*'] },
    headers: { Expect: '100-continue', 'transfer-encoding': 'chunked', 'x-amz': 'yes' },
    ...(body !== undefined && { body }),
  }
  return createRequestHandler(undefined, idleMs).handle(request, signal && { abortSignal: signal })
}

test('streams a body of unknown length out and in, and sends the query as it is signed', async () => {
  async function* pieces() {
    yield Buffer.from('one ')
    await sleep(1)
    yield Buffer.from('two')
  }
  const { response } = await send({ body: pieces() })
  expect([response.statusCode, response.headers['x-one'], `${await buffer(response.body)}`]).toEqual([
    200,
    '1',
    'one two',
  ])
  const [request] = server.requests
  expect([request?.path, `${request?.query}`, request?.headers['x-amz']]).toEqual([
    '/bucket/a%20b',
    'uploads=&x-id=a*&x-id=b%21',
    'yes',
  ])
})

test('sends a text', async () => {
  const { response } = await send({ body: 'naïve' })
  expect(`${await buffer(response.body)}`).toBe('naïve')
})

test('names what the SDK may try again: silence is a TimeoutError, a reset has its code', async () => {
  server.fault('PUT', /.*/, { fault: 'hang' })
  await expect(send({ idleMs: 200 })).rejects.toMatchObject({ name: 'TimeoutError' })
  server.fault('PUT', /.*/, { fault: 'reset' })
  await expect(send()).rejects.toMatchObject({ code: 'ECONNRESET' })
})

test('ends at the signal, before a response and within one', async () => {
  const controller = new AbortController()
  server.fault('PUT', /.*/, { fault: 'hang' })
  const waiting = send({ signal: controller.signal })
  await expect.poll(() => server.requests.length).toBe(1)
  controller.abort()
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' })

  const within = new AbortController()
  server.fault('PUT', /.*/, { fault: 'slow', everyMs: 60_000 })
  const { response } = await send({ body: 'slow', signal: within.signal })
  const reading = buffer(response.body)
  within.abort()
  await expect(reading).rejects.toMatchObject({ name: 'AbortError' })
})
