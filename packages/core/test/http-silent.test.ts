import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createFetch } from '../src/http/index.ts'

/** Something that accepts connections, and is silent: below TLS, and as a proxy. */

let silent: Server
let port: number
const sockets = new Set<Socket>()
beforeAll(async () => {
  silent = createServer(socket => {
    sockets.add(socket)
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket))
    socket.resume()
  }).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  port = (silent.address() as AddressInfo).port
})
afterAll(() => {
  for (const socket of sockets) socket.destroy()
  silent.close()
})

async function failureMessage(url: string, env: NodeJS.ProcessEnv): Promise<string> {
  const timeouts = { connect: 1000, headers: 1500, exchange: 4000, backoff: 5 }
  const options = { signal: new AbortController().signal, userAgent: 'test', timeouts, allowInsecure: true }
  const { fetch, close } = createFetch({ ...options, env })
  const error = await fetch(url).catch((cause: unknown) => cause)
  await close()
  return (error as Error).message
}

it('is not waited for, where TLS should begin', async () => {
  expect(await failureMessage(`https://127.0.0.1:${port}/x`, {})).toMatch(
    /timed out \((?:no connection|no answer)\) after \d tries/,
  )
})

it.each(['http', 'https'])('is not waited for as a proxy, by %s:', async scheme => {
  const proxy = `http://127.0.0.1:${port}`
  expect(await failureMessage(`${scheme}://sentry.example/x`, { HTTP_PROXY: proxy, HTTPS_PROXY: proxy })).toMatch(
    new RegExp(`timed out through the proxy 127\\.0\\.0\\.1:${port} \\(no answer\\) after \\d tries`),
  )
})

it.each(['', 'proxy'])('is left at the signal, before any connection stands %s', async proxy => {
  const controller = new AbortController()
  const env = proxy ? { HTTPS_PROXY: `http://127.0.0.1:${port}` } : {}
  const { fetch, close } = createFetch({ signal: controller.signal, userAgent: 'test', env })
  const exchange = fetch(proxy ? 'https://sentry.example' : `https://127.0.0.1:${port}`).catch(
    (cause: unknown) => cause,
  )
  await new Promise(done => setTimeout(done, 100))
  controller.abort()
  expect(String(await exchange)).toContain('was interrupted')
  await close()
})

it('keeps no connection once the client is closed', async () => {
  await expect.poll(() => sockets.size).toBe(0)
})
