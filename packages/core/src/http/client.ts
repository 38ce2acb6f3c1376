import http from 'node:http'
import { Readable } from 'node:stream'
import type { SecureContext, TLSSocket } from 'node:tls'
import type { Bytes, StreamedBody } from '../types.ts'
import { type Agents, createAgents } from './agents.ts'
import type { Watch } from './clock.ts'
import { basic } from './credentials.ts'
import type { Timeouts } from './timeouts.ts'
import { placeOf } from './tunnel.ts'

/**
 * Node's own HTTP client. undici, which Node's `fetch` is too, takes five times as much CPU time to load and 45 MB to compile
 * its parser (measured): more than all else of a small delivery.
 */

export interface Answer {
  status: number
  /** Case-insensitive. */
  header(name: string): string | undefined
  body: Buffer
}

export interface Sent {
  method: string
  headers: Record<string, string>
  body: Bytes | StreamedBody | undefined
}

export interface Client {
  /** One try. Rejects with whatever went wrong, as it came: nobody has redacted it. */
  send(url: URL, proxy: URL | undefined, sent: Sent, watch: Watch): Promise<Answer>
  /** Ends all connections. */
  destroy(): void
}

export const tooLargeCode = 'MAPSEAL_TOO_LARGE'
export const connectTimeoutCode = 'MAPSEAL_CONNECT_TIMEOUT'
/** In bytes; what destinations answer is some JSON. */
export const maxAnswer: number = 16 * 2 ** 20
/** In bytes. A larger body goes out in pieces, so that one sees it move; they are views, nothing is copied. */
const pieceSize = 256 * 2 ** 10

/** @param trusted asked for at the first connection that needs it: reading certificates takes long */
export function createClient(
  env: NodeJS.ProcessEnv,
  timeouts: Timeouts,
  trusted: () => SecureContext | undefined,
): Client {
  const agents = createAgents({ env, trusted, timeout: timeouts.connect })
  return {
    send: (url, proxy, sent, watch) =>
      new Promise((done, fail) => {
        const request = open(agents, url, proxy, {
          ...sent,
          headers: { ...sent.headers, ...lengthOf(sent.body) },
        })
        const abort = () => {
          request.destroy()
          fail(watch.signal.reason)
        }
        if (watch.signal.aborted) abort()
        watch.signal.addEventListener('abort', abort, { once: true })
        limitConnecting(request, timeouts.connect)
        request
          .on('error', fail)
          .once('response', response => readAnswer(response, watch).then(done, fail))
          .once('close', () => watch.signal.removeEventListener('abort', abort))
        write(request, sent.body, watch)
      }),
    destroy: () => agents.destroy(),
  }
}

/** A tunnel for `http:` is what most proxies refuse: they are asked for the whole URL. */
function open(agents: Agents, url: URL, proxy: URL | undefined, { method, headers }: Sent): http.ClientRequest {
  const path = url.pathname + url.search
  if (url.protocol === 'https:') return http.request({ ...placeOf(url), method, headers, path, agent: agents.secure() })
  if (!proxy) return http.request({ ...placeOf(url), method, headers, path, agent: agents.direct(url.protocol) })
  return http.request({
    ...placeOf(proxy),
    method,
    headers: { ...headers, ...basic('proxy-authorization', proxy), host: url.host },
    path: `${url.origin}${path}`,
    agent: agents.direct(proxy.protocol),
  })
}

function limitConnecting(request: http.ClientRequest, timeout: number): void {
  const end = () => request.destroy(Object.assign(new Error('timed out'), { code: connectTimeoutCode }))
  const timer = setTimeout(end, timeout)
  const stop = () => clearTimeout(timer)
  request.once('close', stop).once('socket', socket => {
    const { secureConnecting } = socket as TLSSocket & { secureConnecting?: boolean }
    if (secureConnecting) socket.once('secureConnect', stop)
    else if (socket.connecting) socket.once('connect', stop)
    else stop()
  })
}

function lengthOf(body: Sent['body']): Record<string, string> {
  if (!body) return {}
  return { 'content-length': String('byteLength' in body ? body.byteLength : body.size) }
}

function write(request: http.ClientRequest, body: Sent['body'], watch: Watch): void {
  if (!body) return void request.end()
  const isWhole = 'byteLength' in body
  if (isWhole && body.byteLength <= pieceSize) return void request.end(body)
  // One piece ahead: pieces may be made as they are asked for.
  Readable.from(watched(isWhole ? piecesOf(body) : body.pieces(), watch), { highWaterMark: 1 })
    .on('error', cause => request.destroy(cause))
    .pipe(request)
}

function* watched(pieces: Iterable<Bytes>, watch: Watch): Generator<Bytes> {
  for (const piece of pieces) {
    watch.onSent()
    yield piece
  }
  watch.onSent()
}

function* piecesOf(body: Bytes): Generator<Bytes> {
  for (let at = 0; at < body.byteLength; at += pieceSize) yield body.subarray(at, at + pieceSize)
}

async function readAnswer(response: http.IncomingMessage, watch: Watch): Promise<Answer> {
  const { statusCode = 0, headers } = response
  const parts: Buffer[] = []
  let size = 0
  watch.onReceived()
  for await (const part of response as AsyncIterable<Buffer>) {
    watch.onReceived()
    size += part.length
    if (size > maxAnswer) throw Object.assign(new Error('answer too large'), { code: tooLargeCode })
    parts.push(part)
  }
  return {
    status: statusCode,
    header: name => [headers[name.toLowerCase()] ?? []].flat().join(', ') || undefined,
    body: Buffer.concat(parts),
  }
}
