import http from 'node:http'
import https from 'node:https'
import { isIP } from 'node:net'
import type { Duplex } from 'node:stream'
import tls from 'node:tls'
import { basic } from './credentials.ts'
import { type ProxyFailure, proxyRefusal } from './failure.ts'

export interface Route {
  /** Of an `https:` URL without a path. @throws HttpError */
  proxyFor(url: URL): URL | undefined
  /** What connects to proxies, by their protocol. */
  agentFor(protocol: string): http.Agent
  /** For a proxy's answer, in ms. */
  timeout: number
}

type Done = (cause: Error | null, socket?: Duplex) => void

/**
 * Connections to `https:`, by the host that a request is for: straight, or through a proxy (CONNECT, RFC 9110 §9.3.6), TLS
 * inside; kept alive as those of any agent.
 */
export class RoutingAgent extends https.Agent {
  readonly #route: Route
  /** Those that a proxy has not answered yet. */
  readonly #asking = new Set<http.ClientRequest>()

  constructor(route: Route, options: https.AgentOptions) {
    super(options)
    this.#route = route
  }

  override createConnection(options: tls.ConnectionOptions, done: Done): Duplex | null | undefined {
    try {
      const { host = '', port } = options
      const place = `${host.includes(':') ? `[${host}]` : host}:${port}`
      const proxy = this.#route.proxyFor(new URL(`https://${place}`))
      if (!proxy) return super.createConnection(options as https.RequestOptions)
      this.#connectThrough(proxy, place, (cause, socket) => {
        if (cause) done(Object.assign<Error, Pick<ProxyFailure, 'proxy'>>(cause, { proxy: proxy.host }))
        else done(null, tls.connect({ ...options, socket: socket as Duplex }))
      })
    } catch (cause) {
      done(cause as Error)
    }
    return undefined
  }

  #connectThrough(proxy: URL, place: string, done: Done): void {
    const headers = { ...basic('proxy-authorization', proxy), host: place }
    const agent = this.#route.agentFor(proxy.protocol)
    const asking = http.request({ ...placeOf(proxy), agent, headers, method: 'CONNECT', path: place })
    const end = () => asking.destroy(Object.assign(new Error('timed out'), { code: 'ETIMEDOUT' }))
    const timer = setTimeout(end, this.#route.timeout)
    this.#asking.add(asking)
    asking
      .once('connect', ({ statusCode = 0 }, socket) => {
        if (statusCode >= 200 && statusCode < 300) return done(null, socket)
        socket.destroy()
        done(proxyRefusal(statusCode))
      })
      .once('error', done)
      .once('close', () => {
        clearTimeout(timer)
        this.#asking.delete(asking)
      })
      .end()
  }

  override destroy(): void {
    for (const asking of this.#asking) asking.destroy()
    super.destroy()
  }
}

/** Where a URL leads, for a request. A `Host` header for another, as proxies get, is not the name in its certificate. */
export function placeOf({ protocol, hostname, port }: URL): https.RequestOptions {
  const host = hostname.replace(/^\[|\]$/g, '')
  return { protocol, hostname: host, port, servername: isIP(host) ? '' : host }
}
