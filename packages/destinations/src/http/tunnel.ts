import http from 'node:http'
import https from 'node:https'
import type { Duplex } from 'node:stream'
import tls from 'node:tls'

/** What a proxy answers to CONNECT but 2xx; its status follows. */
const refusedCode = 'MAPSEAL_PROXY_'

/** Of the code of an error; undefined for any other. */
export function proxyStatus(code: string): number | undefined {
  return code.startsWith(refusedCode) ? Number(code.slice(refusedCode.length)) : undefined
}

/** Connections through a proxy (CONNECT, RFC 9110 §9.3.6), TLS inside; kept alive as those of any agent. */
export class TunnelAgent extends https.Agent {
  readonly #proxy: http.RequestOptions
  readonly #timeout: number
  /** Those that the proxy has not answered yet. */
  readonly #asking = new Set<http.ClientRequest>()

  /**
   * @param proxy where it is, what connects to it, and `Proxy-Authorization` where it wants that
   * @param timeout for its answer, in ms
   */
  constructor(proxy: http.RequestOptions, timeout: number, options: https.AgentOptions) {
    super(options)
    this.#proxy = proxy
    this.#timeout = timeout
  }

  override createConnection(
    options: tls.ConnectionOptions,
    callback: (cause: Error | null, socket?: Duplex) => void,
  ): undefined {
    const { host = '', port } = options
    const place = `${host.includes(':') ? `[${host}]` : host}:${port}`
    const headers = { ...this.#proxy.headers, host: place }
    const asking = http.request({ ...this.#proxy, headers, method: 'CONNECT', path: place })
    const end = () => asking.destroy(Object.assign(new Error('timed out'), { code: 'ETIMEDOUT' }))
    const timer = setTimeout(end, this.#timeout)
    this.#asking.add(asking)
    asking
      .once('connect', ({ statusCode = 0 }, socket) => {
        if (statusCode >= 200 && statusCode < 300) return callback(null, tls.connect({ ...options, socket }))
        socket.destroy()
        callback(Object.assign(new Error(`the proxy answered ${statusCode}`), { code: `${refusedCode}${statusCode}` }))
      })
      .once('error', callback)
      .once('close', () => {
        clearTimeout(timer)
        this.#asking.delete(asking)
      })
      .end()
    return undefined
  }

  override destroy(): void {
    for (const asking of this.#asking) asking.destroy()
    super.destroy()
  }
}
