import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

/** An object store in memory that stops after so many requests, by folder in its bucket: the name of a run. */
export interface MemoryS3 {
  url: string
  /** @param isLate whether the one that is refused is done all the same, as if its answer were lost */
  limit(run: string, requests: number, isLate: boolean): void
  /** Whether a request of the run was refused. */
  hasStopped(run: string): boolean
  /** Lets everything through again. */
  free(run: string): void
  close(): void
}

interface Limit {
  left: number
  isLate: boolean
  hasStopped: boolean
}

export async function startMemoryS3(): Promise<MemoryS3> {
  const objects = new Map<string, { bytes: Buffer; modified: Date }>()
  const limits = new Map<string, Limit>()
  const server = createServer(async (request, response) => {
    const body = await buffer(request)
    const url = new URL(request.url ?? '', 'http://store')
    const run = /runs\/([^/?&]+)/.exec(decodeURIComponent(url.pathname + url.search))?.[1] ?? ''
    const limit = limits.get(run)
    if (limit && limit.left-- <= 0) {
      if (limit.isLate && !limit.hasStopped) answer(objects, request, url, body)
      limit.hasStopped = true
      send(response, refusal(403, 'AccessDenied'))
    } else send(response, answer(objects, request, url, body))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    limit: (run, left, isLate) => void limits.set(run, { left, isLate, hasStopped: false }),
    hasStopped: run => limits.get(run)?.hasStopped === true,
    free: run => void limits.delete(run),
    close: () => void server.close().closeAllConnections(),
  }
}

interface Answer {
  status: number
  headers?: Record<string, string>
  body?: string | Buffer
}

function answer(
  objects: Map<string, { bytes: Buffer; modified: Date }>,
  { method = '', headers }: IncomingMessage,
  url: URL,
  body: Buffer,
): Answer {
  const key = decodeURIComponent(url.pathname)
  const found = objects.get(key)
  if (url.searchParams.get('list-type')) return list(objects, key, url.searchParams.get('prefix') ?? '')
  if (url.searchParams.has('uploads')) return refusal(501, 'NotImplemented')
  if (method === 'PUT') {
    const isExpected = headers['if-match'] === undefined || (found && headers['if-match'] === etagOf(found.bytes))
    const isFree = headers['if-none-match'] === undefined || !found
    if (!isExpected || !isFree) return refusal(412, 'PreconditionFailed')
    objects.set(key, { bytes: body, modified: new Date() })
    return { status: 200, headers: { etag: etagOf(body) } }
  }
  if (method === 'DELETE') {
    objects.delete(key)
    return { status: 204 }
  }
  if (!found) return refusal(404, 'NoSuchKey')
  const facts = { etag: etagOf(found.bytes), 'last-modified': found.modified.toUTCString() }
  if (method === 'HEAD') return { status: 200, headers: { ...facts, 'content-length': `${found.bytes.length}` } }
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '') ?? []
  if (from === undefined) return { status: 200, headers: facts, body: found.bytes }
  const part = found.bytes.subarray(Number(from), Number(to) + 1)
  const range = `bytes ${from}-${Number(from) + part.length - 1}/${found.bytes.length}`
  return { status: 206, headers: { ...facts, 'content-range': range }, body: part }
}

function list(objects: Map<string, { modified: Date }>, bucket: string, prefix: string): Answer {
  const root = bucket.replace(/\/?$/, '/')
  const keys = [...objects.keys()].filter(key => key.startsWith(root + prefix)).sort()
  const contents = keys.map(key => {
    const time = objects.get(key)?.modified.toISOString()
    return `<Contents><Key>${key.slice(root.length)}</Key><LastModified>${time}</LastModified></Contents>`
  })
  const xml = `<ListBucketResult><IsTruncated>false</IsTruncated>${contents.join('')}</ListBucketResult>`
  return { status: 200, headers: { 'content-type': 'application/xml' }, body: xml }
}

function etagOf(bytes: Buffer): string {
  return `"${createHash('md5').update(bytes).digest('hex')}"`
}

function refusal(status: number, code: string): Answer {
  const body = `<Error><Code>${code}</Code><Message>${code}</Message></Error>`
  return { status, headers: { 'content-type': 'application/xml' }, body }
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, headers).end(body)
}
