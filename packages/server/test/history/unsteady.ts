import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { passOn } from '../../../../test/support/s3-front.ts'

/** A proxy before a store that answers late, and sometimes not at all. */
export interface Unsteady {
  url: string
  /** From now on, everything is passed on at once. */
  heal(): void
  /** From now on, writes below this prefix of the bucket are answered as if they were done, and are not. */
  forget(prefix: string): void
  close(): Promise<void>
}

/** Of all requests, how many are lost on their way, and how many answers; each. */
const lost = 0.04
const slow = 0.03

/** @param next numbers below 1 */
export async function unsteady(endpoint: string, next: () => number): Promise<Unsteady> {
  let isHealed = false
  let forgotten: string | undefined

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '/', headers } = request
    const { pathname: path, searchParams: query } = new URL(url, endpoint)
    const body = await buffer(request)
    const fate = isHealed ? 1 : next()
    await late()
    // Whoever gave up on it finds it without effect, or a later request could be undone by it.
    if (response.destroyed) return
    if (fate < lost) return fail(method, response)
    const isForgotten = forgotten !== undefined && method === 'PUT' && path.includes(forgotten)
    const reply = isForgotten ? {} : await passOn({ method, path, query, headers, body }, endpoint)
    await late()
    if (fate < 2 * lost) return fail(method, response)
    response.writeHead(reply.status ?? 200, reply.headers).end(reply.body)
  }

  async function late(): Promise<void> {
    if (!isHealed) await sleep(next() < slow ? 400 : next() * 20)
  }

  /** Clients try again after the first two; the last is an answer like any other to them. */
  function fail(method: string, response: ServerResponse): void {
    const kind = next()
    if (kind < 0.3) response.socket?.resetAndDestroy()
    else if (kind < 0.6) response.writeHead(503).end(method === 'HEAD' ? undefined : errorOf('SlowDown'))
    else response.writeHead(403).end(method === 'HEAD' ? undefined : errorOf('AccessDenied'))
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heal: () => {
      isHealed = true
    },
    forget: prefix => {
      forgotten = prefix
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function errorOf(code: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>unsteady</Message></Error>`
}
