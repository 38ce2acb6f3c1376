/// <reference path="./undici.d.ts" />
import type { Socket } from 'node:net'
import type { SecureContext } from 'node:tls'
import type { buildConnector as Connectors } from 'undici'
import openTunnel from 'undici/lib/api/api-connect.js'
import request from 'undici/lib/api/api-request.js'
import buildConnector from 'undici/lib/core/connect.js'
import Agent from 'undici/lib/dispatcher/agent.js'
import type { Bytes } from '../types.ts'
import { basic } from './credentials.ts'
import { type ProxyFailure, proxyRefusal } from './failure.ts'
import { type Reading, readWhole, type WholeResponse } from './whole-response.ts'

/**
 * The one importer of undici; of its parts alone, because its index takes three times as long to load. What imports this is
 * itself loaded at the first request and not before.
 */

export interface WireRequest {
  method: string
  /** As it goes out, with the query. */
  path: string
  /** By names in lower case. */
  headers: Record<string, string>
  body: Bytes | Iterable<Bytes> | AsyncIterable<Bytes> | undefined
  /** Ends the request, and the response's body. */
  signal: AbortSignal
}

export interface WireResponse {
  status: number
  /** By names in lower case. */
  headers: Record<string, string | string[] | undefined>
  /** To be read or returned from: its connection is busy until then. */
  body: AsyncIterable<Buffer>
}

/** Kept-alive connections, straight or through the proxies that the environment names. */
export interface Connections {
  /** One try, without any limit of time on the response. Rejects with the error as it came, which is not redacted. */
  request(origin: URL, request: WireRequest): Promise<WireResponse>
  /** The same, with the whole response. */
  exchange(origin: URL, request: Omit<WireRequest, 'signal'>, reading: Reading): Promise<WholeResponse>
  /** Ends all connections, those being opened too. */
  destroy(): Promise<void>
}

export interface ConnectionsOptions {
  /** @throws HttpError */
  proxyFor(url: URL): URL | undefined
  /** Called at the first TLS connection: reading certificates takes long. Undefined for Node's own default. */
  trusted(): SecureContext | undefined
  /** Until a connection stands, and until a proxy answers CONNECT; each in ms. */
  timeout: number
}

export function createConnections({ proxyFor, trusted, timeout }: ConnectionsOptions): Connections {
  /** Those being opened too, which undici itself would leave to their timeout. */
  const sockets = new Set<Socket>()
  // Node's 250 ms an address give up on hosts that are merely far away.
  const connection = { timeout, autoSelectFamilyAttemptTimeout: 1000 }
  const plain = buildConnector(connection)
  let secure: Connectors.connector | undefined
  const secured = () => {
    const secureContext = trusted()
    return buildConnector({ ...connection, ...(secureContext && { secureContext }) })
  }

  const open: Connectors.connector = (options, callback) => {
    secure ??= options.protocol === 'https:' ? secured() : undefined
    const connect = options.protocol === 'https:' && secure ? secure : plain
    // Its type hides that it gives the socket back.
    const socket = connect(options, callback) as unknown as Socket
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  }

  const toProxies = createAgent((options, callback) =>
    // The name that undici gives is that of the host behind it.
    open({ ...options, servername: undefined } as Connectors.Options, (...[cause, socket]) =>
      cause ? callback(atProxy(cause, options.host ?? ''), null) : callback(null, socket as Socket),
    ),
  )
  const toOrigins = createAgent((options, callback) => {
    const proxy = options.protocol === 'https:' ? proxyFor(new URL(`https://${options.host}`)) : undefined
    if (!proxy) return open(options, callback)
    connectThrough(proxy, options).then(
      // The socket is what TLS goes over.
      socket => open({ ...options, httpSocket: socket }, callback),
      cause => callback(atProxy(cause, proxy.host), null),
    )
  })

  async function connectThrough(proxy: URL, { hostname, port }: Connectors.Options): Promise<Socket> {
    const host = `${hostname.includes(':') ? `[${hostname}]` : hostname}:${port || 443}`
    const headers = { ...basic('proxy-authorization', proxy), host }
    const signal = AbortSignal.timeout(timeout)
    const options = { origin: proxy.origin, path: host, headers, servername: proxy.hostname, signal }
    const { statusCode, socket } = await openTunnel.call(toProxies, options).catch(cause => {
      throw signal.aborted ? Object.assign(new Error('timed out'), { code: 'ETIMEDOUT' }) : cause
    })
    if (statusCode >= 200 && statusCode < 300) return socket as Socket
    socket.on('error', () => undefined).destroy()
    throw proxyRefusal(statusCode)
  }

  function route(url: URL, { path, headers, ...rest }: Omit<WireRequest, 'signal'>) {
    const { origin, host, protocol } = url
    const proxy = proxyFor(url)
    // Most proxies refuse a tunnel for `http:`: they get the whole URL.
    const [agent, target] =
      proxy && protocol === 'http:'
        ? ([
            toProxies,
            {
              origin: proxy.origin,
              path: origin + path,
              headers: { ...headers, ...basic('proxy-authorization', proxy), host },
              servername: proxy.hostname,
            },
          ] as const)
        : ([toOrigins, { origin, path, headers }] as const)
    return { agent, options: { ...rest, ...target } as Parameters<typeof request>[0] }
  }

  return {
    async request(origin, wire) {
      wire.signal.throwIfAborted()
      const { agent, options } = route(origin, wire)
      const sent = request.call(agent, options)
      const response = await untilAborted(sent, wire.signal).catch(cause => Promise.reject(asSystemError(cause)))
      return { status: response.statusCode, headers: response.headers, body: piecesOf(response.body) }
    },
    async exchange(origin, wire, reading) {
      const { agent, options } = route(origin, wire)
      try {
        return await readWhole(handler => agent.dispatch(options, handler), reading)
      } catch (cause) {
        throw asSystemError(cause)
      }
    },
    async destroy() {
      for (const socket of sockets) socket.destroy()
      await Promise.all([toOrigins.destroy(), toProxies.destroy()])
    },
  }
}

/** Time limits are the caller's, and a pool for each origin has as many connections as requests at a time. */
function createAgent(connect: Connectors.connector): Agent {
  return new Agent({ connect, headersTimeout: 0, bodyTimeout: 0 })
}

/** undici hears of the signal only once the connection stands. */
function untilAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((done, fail) => {
    const abort = () => fail(signal.reason)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    work.then(done, fail).finally(() => signal.removeEventListener('abort', abort))
  })
}

async function* piecesOf(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* body
  } catch (cause) {
    throw asSystemError(cause)
  }
}

function atProxy(cause: Error, host: string): Error & ProxyFailure {
  return Object.assign<Error, Pick<ProxyFailure, 'proxy'>>(asSystemError(cause), { proxy: host })
}

const systemCodes: Record<string, string> = {
  UND_ERR_CONNECT_TIMEOUT: 'ETIMEDOUT',
  UND_ERR_SOCKET: 'ECONNRESET',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'ECONNRESET',
}

/** With the system's code where undici has its own word for the same, for those who branch on it. */
function asSystemError<Cause>(cause: Cause): Cause | Error {
  if (!(cause instanceof Error)) return cause
  const code = systemCodes[(cause as NodeJS.ErrnoException).code ?? '']
  return code ? Object.assign(new Error(cause.message, { cause }), { code }) : cause
}
