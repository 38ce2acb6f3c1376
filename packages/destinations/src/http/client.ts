import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import type { SecureContext } from 'node:tls'
import type { Bytes, StreamedBody } from '@mapseal/core'
import { Agent, buildConnector, type Dispatcher, Pool, ProxyAgent } from '#undici'
import type { Watch } from './clock.ts'
import { decoded } from './redact.ts'
import type { Timeouts } from './timeouts.ts'

/** The one file that knows undici. */

export interface Answer {
  status: number
  /** Case-insensitive. */
  header(name: string): string | undefined
  body: Buffer
}

export interface Sent {
  method: Dispatcher.HttpMethod
  headers: Record<string, string>
  body: Bytes | StreamedBody | undefined
}

export interface Client {
  /** One try. Rejects with whatever went wrong, as it came: nobody has redacted it. */
  send(url: URL, proxy: URL | undefined, sent: Sent, watch: Watch): Promise<Answer>
  /** Ends all connections. */
  destroy(): Promise<void>
}

export const tooLargeCode = 'MAPSEAL_TOO_LARGE'
/** In bytes; what destinations answer is some JSON. */
export const maxAnswer: number = 16 * 2 ** 20
/** In bytes. A larger body goes out in pieces, so that one sees it move; they are views, nothing is copied. */
const pieceSize = 256 * 2 ** 10

/** @param trusted asked for at the first connection that needs it: reading certificates takes long */
export function createClient(trusted: () => SecureContext | undefined, timeouts: Timeouts): Client {
  const connect = {
    timeout: timeouts.connect,
    // Node's 250 ms an address give up on hosts that are merely far away.
    autoSelectFamilyAttemptTimeout: 1000,
  }
  const connectSecurely = () => {
    const secureContext = trusted()
    return { ...connect, ...(secureContext && { secureContext }) }
  }
  const sockets = new Set<Socket>()
  const tracked = trackingConnector(connect, connectSecurely, sockets)
  const direct = new Agent({ connect: tracked })
  const proxies = new Map<string, ProxyAgent>()

  function dispatcherFor(proxy: URL | undefined): Dispatcher {
    if (!proxy) return direct
    const known = proxies.get(proxy.href)
    if (known) return known
    const agent = new ProxyAgent({
      uri: proxy.origin,
      token: basic(proxy),
      // A tunnel for `http:` is what most proxies refuse.
      proxyTunnel: false,
      requestTls: connectSecurely(),
      proxyTls: connectSecurely(),
      clientFactory: (origin, options) =>
        new Pool(origin, { ...options, connect: tracked, headersTimeout: timeouts.headers }),
    })
    proxies.set(proxy.href, agent)
    return agent
  }

  return {
    async send(url, proxy, { method, headers, body }, watch) {
      // Without the URL's credentials: `create-fetch.ts` has made a header of them.
      const answering = dispatcherFor(proxy).request({
        origin: url.origin,
        path: url.pathname + url.search,
        method,
        ...withBody(headers, body, watch),
        signal: watch.signal,
        // The watch keeps the time: undici's own does not see a body move out.
        headersTimeout: 0,
        bodyTimeout: 0,
      })
      const answer = await orAborted(answering, watch.signal)
      const parts: Buffer[] = []
      let size = 0
      watch.onReceived()
      for await (const part of answer.body as AsyncIterable<Buffer>) {
        watch.onReceived()
        size += part.length
        if (size > maxAnswer) throw Object.assign(new Error('answer too large'), { code: tooLargeCode })
        parts.push(part)
      }
      return {
        status: answer.statusCode,
        header: name => [answer.headers[name.toLowerCase()] ?? []].flat().join(', ') || undefined,
        body: Buffer.concat(parts),
      }
    },
    async destroy() {
      const ends = [direct, ...proxies.values()].map(agent => agent.destroy())
      for (const socket of sockets) socket.destroy()
      await Promise.all(ends)
    },
  }
}

/** undici forgets the sockets that are still to be connected when it is destroyed; they keep the process alive. */
function trackingConnector(
  options: buildConnector.BuildOptions,
  secureOptions: () => buildConnector.BuildOptions,
  sockets: Set<Socket>,
): buildConnector.connector {
  type Connector = (...args: Parameters<buildConnector.connector>) => Socket
  const plain = buildConnector(options) as Connector
  let secure: Connector | undefined
  return (...args) => {
    if (args[0].protocol === 'https:') secure ??= buildConnector(secureOptions()) as Connector
    const socket = (args[0].protocol === 'https:' && secure ? secure : plain)(...args)
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  }
}

/** At once: undici itself sees the signal only when there is a connection. */
async function orAborted(
  answering: Promise<Dispatcher.ResponseData>,
  signal: AbortSignal,
): Promise<Dispatcher.ResponseData> {
  let abort = () => undefined as unknown
  try {
    return await new Promise((done, fail) => {
      abort = () => fail(signal.reason)
      if (signal.aborted) abort()
      signal.addEventListener('abort', abort, { once: true })
      answering.then(done, fail)
    })
  } catch (cause) {
    answering.then(
      late => late.body.on('error', () => undefined).destroy(),
      () => undefined,
    )
    throw cause
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

function withBody(headers: Sent['headers'], body: Sent['body'], watch: Watch) {
  if (!body) return { headers }
  const isWhole = 'byteLength' in body
  const length = isWhole ? body.byteLength : body.size
  const sized = { ...headers, 'content-length': String(length) }
  if (isWhole && length <= pieceSize) return { headers: sized, body }
  // One piece ahead: pieces may be made as they are asked for.
  const moving = watched(isWhole ? piecesOf(body) : body.pieces(), watch)
  return { headers: sized, body: Readable.from(moving, { highWaterMark: 1 }) }
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

/** What a proxy answered itself is only to be had as undici's words; undefined for any other error. */
export function proxyStatus(message: string): number | undefined {
  const words = /^Proxy response \((\d+)\) !== 200|^Proxy Authentication Required \((\d+)\)/.exec(message)
  return words ? Number(words[1] ?? words[2]) : undefined
}

function basic({ username, password }: URL): string | undefined {
  if (!username && !password) return undefined
  return `Basic ${Buffer.from(`${decoded(username)}:${decoded(password)}`).toString('base64')}`
}
