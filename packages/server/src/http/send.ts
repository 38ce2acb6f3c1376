import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Answer } from './answer.ts'

/** For every answer; the page sets its own policy. */
const securityHeaders: Record<string, string> = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
}

export async function sendAnswer(
  incoming: IncomingMessage,
  response: ServerResponse,
  { status, headers, body = '' }: Answer,
  isLast: boolean,
): Promise<void> {
  const isUnread = hasBody(incoming) && !incoming.readableEnded
  for (const [name, value] of Object.entries({ ...securityHeaders, ...headers })) response.setHeader(name, value)
  if (isLast || isUnread) response.setHeader('Connection', 'close')
  response.statusCode = status
  const isHead = incoming.method === 'HEAD'
  if (body instanceof Readable) {
    if (isHead) body.destroy()
    await (isHead ? endOf(response) : pipeline(body, response))
  } else {
    if (status !== 204 && status !== 304) response.setHeader('Content-Length', Buffer.byteLength(body))
    await endOf(response, isHead ? undefined : body)
  }
  if (isUnread) await linger(incoming)
}

export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

function endOf(response: ServerResponse, body?: string | Uint8Array): Promise<void> {
  return new Promise((done, fail) => {
    response.once('error', fail).once('close', done)
    response.end(body, () => done())
  })
}

const lingerMs = 2000

/**
 * Reads and discards for a while what a client is still sending: it would see its connection reset, and not the answer that
 * says why.
 */
async function linger(incoming: IncomingMessage): Promise<void> {
  const isOver = new Promise<void>(done => {
    for (const event of ['end', 'close', 'error']) incoming.once(event, done)
  })
  incoming.resume()
  const timer = new AbortController()
  await Promise.race([isOver, sleep(lingerMs, undefined, { signal: timer.signal }).catch(() => {})])
  timer.abort()
  incoming.socket.destroySoon()
}
