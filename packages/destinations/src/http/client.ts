import { Readable } from 'node:stream'
import type { SecureContext } from 'node:tls'
import { Agent, type Dispatcher, ProxyAgent, request } from 'undici'
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
  body: Uint8Array | undefined
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

export function createClient(secureContext: SecureContext | undefined, timeouts: Timeouts): Client {
  const connect = { timeout: timeouts.connect, ...(secureContext && { secureContext }) }
  const direct = new Agent({ connect })
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
      requestTls: connect,
      proxyTls: connect,
    })
    proxies.set(proxy.href, agent)
    return agent
  }

  return {
    async send(url, proxy, { method, headers, body }, watch) {
      const answer = await request(withoutCredentials(url), {
        dispatcher: dispatcherFor(proxy),
        method,
        headers: body ? { ...headers, 'content-length': String(body.byteLength) } : headers,
        body: body && body.byteLength > pieceSize ? Readable.from(pieces(body, watch)) : body,
        signal: watch.signal,
        // The watch keeps the time: undici's own does not see a body move out.
        headersTimeout: 0,
        bodyTimeout: 0,
      })
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
      await Promise.all([direct, ...proxies.values()].map(agent => agent.destroy()))
    },
  }
}

async function* pieces(body: Uint8Array, watch: Watch): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < body.byteLength; at += pieceSize) {
    watch.onSent()
    yield body.subarray(at, at + pieceSize)
  }
  watch.onSent()
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

/** undici ignores them; `create-fetch.ts` has made a header of them. */
function withoutCredentials(url: URL): URL {
  const plain = new URL(url)
  plain.username = ''
  plain.password = ''
  return plain
}
