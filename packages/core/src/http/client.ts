import type { SecureContext } from 'node:tls'
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'
import type { Bytes } from '../types.ts'
import type { Watch } from './clock.ts'
import { createConnections } from './connections.ts'
import type { Timeouts } from './timeouts.ts'
import type { StreamedBody } from './types.ts'
import type { WholeResponse } from './whole-response.ts'

export interface RawRequest {
  method: string
  /** By names in lower case. */
  headers: Record<string, string>
  body: Bytes | StreamedBody | undefined
}

export interface RawResponse {
  status: number
  /** Case-insensitive. */
  header(name: string): string | undefined
  body: Buffer
}

export interface Client {
  /** One try. Rejects with the error as it came, which is not redacted. */
  send(url: URL, request: RawRequest, watch: Watch): Promise<RawResponse>
  /** Ends all connections. */
  destroy(): Promise<void>
}

export const tooLargeCode = 'MAPSEAL_TOO_LARGE'
/** In bytes; what destinations respond with is a short JSON. */
export const maxResponse: number = 16 * 2 ** 20
/** In bytes. A larger body goes out in pieces, so that one sees it move; they are views, nothing is copied. */
const pieceSize = 256 * 2 ** 10

/** @param trusted called at the first connection that needs it: reading certificates takes long */
export function createClient(
  proxyFor: (url: URL) => URL | undefined,
  timeouts: Timeouts,
  trusted: () => SecureContext | undefined,
): Client {
  const connections = createConnections({ proxyFor, trusted, timeout: timeouts.connect })
  return {
    async send(url, { method, headers, body }, watch) {
      const request = {
        method,
        path: url.pathname + url.search,
        headers: { ...headers, ...lengthOf(body) },
        body: watchedBody(body, watch.onSent),
      }
      const response = await connections.exchange(url, request, {
        onStart: watch.onStart,
        onReceived(size) {
          watch.onReceived()
          if (size > maxResponse) throw Object.assign(new Error('response too large'), { code: tooLargeCode })
        },
      })
      return rawResponse(response)
    },
    destroy: () => connections.destroy(),
  }
}

function lengthOf(body: RawRequest['body']): Record<string, string> {
  if (!body) return {}
  return { 'content-length': String('byteLength' in body ? body.byteLength : body.size) }
}

/** The same body, in pieces where it is large; `onSent` hears of each piece that is taken. */
export function watchedBody(body: RawRequest['body'], onSent: () => void): Bytes | Iterable<Bytes> | undefined {
  if (!body) return undefined
  const isWhole = 'byteLength' in body
  const size = isWhole ? body.byteLength : body.size
  // A copy costs less than a piece on its own.
  if (size <= pieceSize) return isWhole ? body : Buffer.concat([...body.pieces()])
  return watchedPieces(isWhole ? piecesOf(body) : body.pieces(), onSent)
}

function* watchedPieces(pieces: Iterable<Bytes>, onSent: () => void): Generator<Bytes> {
  for (const piece of pieces) {
    onSent()
    yield piece
  }
  onSent()
}

function* piecesOf(body: Bytes): Generator<Bytes> {
  for (let at = 0; at < body.byteLength; at += pieceSize) yield body.subarray(at, at + pieceSize)
}

function rawResponse({ status, headers, body }: WholeResponse): RawResponse {
  const header = (name: string) => [headers[name.toLowerCase()] ?? []].flat().join(', ') || undefined
  return { status, header, body: decoded(body, header('content-encoding')) }
}

const decoders: Record<string, typeof gunzipSync> = {
  gzip: gunzipSync,
  'x-gzip': gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
}

/** None is asked for, but proxies compress without that. A body that is not what it says stays as it is. */
function decoded(body: Buffer, encoding = ''): Buffer {
  const decode = decoders[encoding.trim().toLowerCase()]
  try {
    return decode && body.length > 0 ? decode(body, { maxOutputLength: maxResponse }) : body
  } catch {
    return body
  }
}
