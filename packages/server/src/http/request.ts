import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { readBody, readParts } from './body.ts'
import type { Hold } from './body-memory.ts'
import { parseJson } from './json.ts'
import { HttpProblem } from './problem.ts'

export interface Request {
  method: string
  /** Without the query; as it came, percent-encoded. */
  path: string
  /** The named groups of the route's path, decoded. */
  params: Record<string, string>
  query: URLSearchParams
  headers: IncomingHttpHeaders
  /** The client's IP address, or its proxy's. */
  address: string
  /** Where the client believes the server to be: scheme, host and port. Empty on a route for any host. */
  origin: string
  /** The body as it comes, not decoded. */
  stream: Readable
  /** Of what a handler keeps of the body in memory; released when it has answered. */
  hold: Hold
  /** The body, decoded as `Content-Encoding` says, as it comes. @throws HttpProblem 413 beyond `maxBytes` */
  parts(maxBytes: number): AsyncIterable<Buffer>
  /** The same whole. */
  bytes(maxBytes: number): Promise<Buffer>
  /** The same, parsed: not too deep, without `__proto__`. @throws HttpProblem 400 */
  json(maxBytes: number): Promise<unknown>
}

export function createRequest(
  incoming: IncomingMessage,
  target: Target,
  { params, origin, hold }: Pick<Request, 'params' | 'origin' | 'hold'>,
): Request {
  const bytes = (maxBytes: number) => readBody(incoming, maxBytes, hold)
  return {
    method: incoming.method ?? 'GET',
    path: target.path,
    params,
    query: target.query,
    headers: incoming.headers,
    address: incoming.socket.remoteAddress ?? '',
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

/** Of the request line, which may hold a whole URL, as to a proxy. @throws HttpProblem 400, 414 */
export function parseTarget(url: string): Target {
  if (url.length > 4096) throw new HttpProblem(414, { detail: 'The URL is too long' })
  const target = url.replace(/^https?:\/\/[^/?#]*/i, '')
  const mark = target.indexOf('?')
  const path = mark === -1 ? target : target.slice(0, mark)
  if (!path.startsWith('/')) throw new HttpProblem(400, { detail: 'The path must begin with a slash' })
  return { path, query: new URLSearchParams(mark === -1 ? '' : target.slice(mark + 1)) }
}
