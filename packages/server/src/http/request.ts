import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { readBody, readParts } from './body.ts'
import type { Hold } from './body-memory.ts'
import { parseJson } from './json.ts'
import { HttpProblem } from './problem.ts'

export interface Request {
  method: string
  /** Without the query, percent-encoded as it came. */
  path: string
  /** The parameters in the route's path, decoded. */
  params: Record<string, string>
  query: URLSearchParams
  headers: IncomingHttpHeaders
  /** The client's IP address, or that of a proxy which is not trusted. */
  address: string
  /** The server's origin from the client's point of view. Empty on a route for any host. */
  origin: string
  /** The body as it arrives, not decoded. */
  stream: Readable
  /** Counts the bytes of the body that a handler keeps in memory; released after the answer. */
  hold: Hold
  /** The body in pieces, decoded as `Content-Encoding` says. @throws HttpProblem 413 beyond `maxBytes` */
  parts(maxBytes: number): AsyncIterable<Buffer>
  /** The whole body, decoded. */
  bytes(maxBytes: number): Promise<Buffer>
  /** The whole body, parsed: see `parseJson`. @throws HttpProblem 400 */
  json(maxBytes: number): Promise<unknown>
}

export function createRequest(
  incoming: IncomingMessage,
  target: Target,
  { params, address, origin, hold }: Pick<Request, 'params' | 'address' | 'origin' | 'hold'>,
): Request {
  const bytes = (maxBytes: number) => readBody(incoming, maxBytes, hold)
  return {
    method: incoming.method ?? 'GET',
    path: target.path,
    params,
    query: target.query,
    headers: incoming.headers,
    address,
    origin,
    stream: incoming,
    hold,
    parts: maxBytes => readParts(incoming, maxBytes),
    bytes,
    json: async maxBytes => parseJson((await bytes(maxBytes)).toString('utf8')),
  }
}

export interface Target {
  path: string
  query: URLSearchParams
}

/** Splits the target of the request line, which may be a whole URL, as for a proxy. @throws HttpProblem 400, 414 */
export function parseTarget(url: string): Target {
  if (url.length > 4096) throw new HttpProblem(414, { detail: 'The URL is too long' })
  const target = url.replace(/^https?:\/\/[^/?#]*/i, '')
  const mark = target.indexOf('?')
  const path = mark === -1 ? target : target.slice(0, mark)
  if (!path.startsWith('/')) throw new HttpProblem(400, { detail: 'The path must start with a slash' })
  return { path, query: new URLSearchParams(mark === -1 ? '' : target.slice(mark + 1)) }
}
