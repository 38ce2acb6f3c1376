import { Readable } from 'node:stream'
import { trustLater } from '../../http/authorities.ts'
import { watchedBody } from '../../http/client.ts'
import { createConnections } from '../../http/connections.ts'
import { proxyFor } from '../../http/proxy.ts'
import type { Network } from '../../http/types.ts'
import type { Bytes } from '../../types.ts'

export { proxySecrets } from '../../http/proxy.ts'

/** What the AWS SDK has a request handler do (`HttpHandler` of @smithy/types), as far as it is used. */
export interface S3RequestHandler {
  /** The SDK hands it on to the clients that fetch credentials. */
  metadata: { handlerProtocol: string }
  /** An `abortSignal` that is not the platform's, which the SDK calls deprecated, is ignored. */
  handle(request: SdkRequest, options?: { abortSignal?: object }): Promise<{ response: SdkResponse }>
  updateHttpClientConfig(): void
  httpHandlerConfigs(): object
  destroy(): void
}

interface SdkRequest {
  method: string
  protocol: string
  hostname: string
  port?: number
  /** Percent-encoded. */
  path: string
  query?: Record<string, string | string[] | null>
  headers: Record<string, string>
  body?: string | Bytes | AsyncIterable<Bytes>
}

interface SdkResponse {
  statusCode: number
  headers: Record<string, string>
  body: Readable
}

/**
 * Sends the SDK's requests, one try each, over the connections of the one HTTP client. Repeating them is up to the SDK.
 *
 * @param idleMs without a byte in either direction
 * @throws HttpError when `ca` cannot be read
 */
export function createRequestHandler(ca: Network['ca'], idleMs: number): S3RequestHandler {
  const connections = createConnections({
    proxyFor: url => proxyFor(url, process.env),
    trusted: trustLater(ca, process.env),
    timeout: Math.min(10_000, idleMs),
  })
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    async handle({ method, protocol, hostname, port, path, query = {}, headers, body }, { abortSignal } = {}) {
      const idle = watchIdle(idleMs, abortSignal)
      const origin = new URL(`${protocol}//${hostname}${port === undefined ? '' : `:${port}`}`)
      try {
        const { status, ...response } = await connections.request(origin, {
          method,
          path: path + search(query),
          headers: endToEnd(headers),
          body: bodyOf(body, idle.onMove),
          signal: idle.signal,
        })
        idle.onMove()
        const pieces = Readable.from(untilEnd(response.body, idle), { objectMode: false })
        return { response: { statusCode: status, headers: singleValues(response.headers), body: pieces } }
      } catch (cause) {
        idle.end()
        throw cause
      }
    },
    // All options are given at its creation.
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
    destroy: () => void connections.destroy(),
  }
}

interface IdleWatch {
  signal: AbortSignal
  /** A piece moved, in either direction. */
  onMove(): void
  end(): void
}

function watchIdle(ms: number, signal: object | undefined): IdleWatch {
  const outer = signal instanceof AbortSignal ? signal : undefined
  const controller = new AbortController()
  // By their names the SDK knows what to try again.
  const abort = () => controller.abort(Object.assign(new Error('Request aborted'), { name: 'AbortError' }))
  const expire = () =>
    controller.abort(Object.assign(new Error(`no byte moved in ${ms / 1000} s`), { name: 'TimeoutError' }))
  // What is under way keeps the process alive, and a body that is not read must not.
  let timer = setTimeout(expire, ms).unref()
  if (outer?.aborted) abort()
  outer?.addEventListener('abort', abort, { once: true })
  return {
    signal: controller.signal,
    onMove() {
      clearTimeout(timer)
      timer = setTimeout(expire, ms).unref()
    },
    end() {
      clearTimeout(timer)
      outer?.removeEventListener('abort', abort)
    },
  }
}

async function* untilEnd(body: AsyncIterable<Buffer>, { onMove, end }: IdleWatch): AsyncGenerator<Buffer> {
  try {
    yield* moving(body, onMove)
  } finally {
    end()
  }
}

async function* moving<Piece extends Bytes>(body: AsyncIterable<Piece>, onMove: () => void): AsyncGenerator<Piece> {
  for await (const piece of body) {
    onMove()
    yield piece
  }
}

function bodyOf(
  body: SdkRequest['body'],
  onMove: () => void,
): Bytes | Iterable<Bytes> | AsyncIterable<Bytes> | undefined {
  if (typeof body === 'object' && Symbol.asyncIterator in body) return moving(body, onMove)
  return watchedBody(typeof body === 'string' ? Buffer.from(body) : body, onMove)
}

/** Without those of a single connection, which are undici's to send. */
function endToEnd(headers: Record<string, string>): Record<string, string> {
  const hopByHop = /^(?:connection|expect|transfer-encoding)$/i
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.test(name)))
}

function singleValues(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]))
}

/** As the SDK signs it. */
function search(query: Record<string, string | string[] | null>): string {
  const pairs = Object.entries(query).flatMap(([name, values]) =>
    [values]
      .flat()
      .map(value => (value === null ? percentEncode(name) : `${percentEncode(name)}=${percentEncode(value)}`)),
  )
  return pairs.length > 0 ? `?${pairs.sort().join('&')}` : ''
}

const percentEncode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, letter => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`)
