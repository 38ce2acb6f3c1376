import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import { type Bundle, readBundle } from './sentry-server-bundle.ts'

/** A stand-in for Sentry's upload API that checks what the real one checks and records its requests. */
export interface SentryServer {
  url: string
  /** In order of arrival. */
  requests: Recorded[]
  /** Assembled ones, by checksum. */
  bundles: Map<string, Assembled>
  /** By SHA-1. */
  chunks: Map<string, Buffer>
  /** Forgets requests, keeps chunks and bundles. */
  clear(): void
  /** Ends what servers remember for ten minutes: the answers to assemble. */
  forgetStates(): void
  /** `GET …`, `POST …` in order, the organization left out. */
  calls(): string[]
  /** Bytes of all chunk requests' bodies. */
  chunkBytes(): number
  close(): Promise<void>
}

export interface Recorded {
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: Buffer
  /** The parsed body, if it is JSON. */
  json?: unknown
  /** The parts of a chunk request. */
  parts?: ChunkPart[]
  status?: number
}

export interface ChunkPart {
  field: string
  sha1: string
  bytes: Buffer
}

export interface Assembled extends Bundle {
  bytes: Buffer
  associations: { projects: string[]; version?: string; dist?: string }[]
}

export interface SentryServerOptions {
  latencyMs?: number
  accept?: string[]
  compression?: string[]
  chunkSize?: number
  chunksPerRequest?: number
  maxRequestSize?: number
  maxFileSize?: number
  concurrency?: number
  maxWait?: number
  token?: string
  projects?: string[]
  /** States that assembling goes through before its outcome. */
  states?: string[]
  /** Knows no `missingChunks`: always answers `created`, as GlitchTip does. */
  isVague?: boolean
  /** Maximum size of a chunk request, in bytes; larger ones get 413, as from a proxy. */
  bodyLimit?: number
  /** Takes files without a debug ID too, which are found by release and name. */
  takesNames?: boolean
  /** Answers instead of the server: a status and a JSON body. */
  intercept?: (request: Recorded) => { status: number; body: unknown } | undefined
}

const allAccepted = ['debug_files', 'release_files', 'sources', 'artifact_bundles', 'artifact_bundles_v2', 'proguard']
const sha1 = (bytes: Buffer) => createHash('sha1').update(bytes).digest('hex')
const isSha1 = (value: unknown) => typeof value === 'string' && /^[0-9a-f]{40}$/.test(value)

/** An answer other than 200. */
class Refusal extends Error {
  status: number
  body: unknown

  constructor(status: number, body: unknown) {
    super(`${status}`)
    this.status = status
    this.body = body
  }
}

export async function startSentry(options: SentryServerOptions = {}): Promise<SentryServer> {
  const { latencyMs = 0, accept = allAccepted, compression = ['gzip'], projects = ['web', 'api', 'docs'] } = options
  const { chunkSize = 8 << 20, chunksPerRequest = 64, maxRequestSize = 32 << 20, maxFileSize = 2 ** 31 } = options
  const requests: Recorded[] = []
  const chunks = new Map<string, Buffer>()
  const bundles = new Map<string, Assembled>()
  const states = new Map<string, { pending: string[]; outcome: { state: string; detail: string | null } }>()
  let url = ''

  function upload(recorded: Recorded): undefined {
    if (options.bodyLimit && recorded.body.length > options.bodyLimit) throw new Refusal(413, '<html>too large</html>')
    recorded.parts = readMultipart(recorded)
    if (recorded.parts.length > chunksPerRequest) throw new Refusal(400, { error: 'Too many chunks' })
    let sum = 0
    for (const { field, sha1: name, bytes } of recorded.parts) {
      const isPlain = field === 'file' && !options.isVague
      if (!isPlain && field !== 'file_gzip') throw new Refusal(400, { error: `Unknown field ${field}` })
      if (field === 'file_gzip' && !compression.includes('gzip')) throw new Refusal(400, { error: 'No gzip' })
      const plain = field === 'file_gzip' ? gunzipSync(bytes) : bytes
      sum += plain.length
      if (plain.length > chunkSize) throw new Refusal(400, { error: 'Chunk size too large' })
      if (sum > maxRequestSize) throw new Refusal(400, { error: 'Request too large' })
      if (sha1(plain) !== name) throw new Refusal(400, { error: 'Checksum mismatch' })
      chunks.set(name, plain)
    }
  }

  function assemble({ json }: Recorded): unknown {
    const body = checkAssembleBody(json)
    const unknown = body.projects.filter(project => !projects.includes(project))
    if (body.projects.length === 0) throw new Refusal(400, { error: 'You need to specify at least one project' })
    if (unknown.length > 0) throw new Refusal(400, { error: 'One or more projects are invalid' })
    if (options.isVague) {
      finish(body)
      return { state: 'created', missingChunks: [] }
    }
    const missing = [...new Set(body.chunks)].filter(name => !chunks.has(name))
    if (missing.length > 0) return { state: 'not_found', missingChunks: missing }
    if (body.dist && !body.version)
      throw new Refusal(400, { error: 'You need to specify a release together with a dist' })
    let state = states.get(body.checksum)
    if (!state) {
      state = { pending: [...(options.states ?? [])], outcome: finish(body) }
      states.set(body.checksum, state)
    }
    const pending = state.pending.shift()
    return { ...(pending ? { state: pending, detail: null } : state.outcome), missingChunks: [] }
  }

  /** Older: knows bundles by their release, which the manifest must confirm. */
  function assembleOf(release: string, { json }: Recorded): unknown {
    const { checksum, chunks: names } = json as AssembleBody
    const outcome = finish({ checksum, chunks: names, projects: [], version: release })
    const isConfirmed = bundles.get(checksum)?.manifest.release === release
    return { ...(isConfirmed ? outcome : { state: 'error', detail: 'release does not match' }), missingChunks: [] }
  }

  function finish(body: AssembleBody): { state: string; detail: string | null } {
    const bytes = Buffer.concat(body.chunks.map(name => chunks.get(name) ?? Buffer.alloc(0)))
    if (bytes.length > maxFileSize) return { state: 'error', detail: `File exceeds maximum size (${bytes.length})` }
    if (sha1(bytes) !== body.checksum) return { state: 'error', detail: 'Reported checksum mismatch' }
    try {
      const known = bundles.get(body.checksum)
      const bundle = known ?? { ...readBundle(bytes, options.takesNames), bytes, associations: [] }
      const { projects: names, version, dist } = body
      bundle.associations.push({ projects: names, ...(version && { version }), ...(dist && { dist }) })
      bundles.set(body.checksum, bundle)
      return { state: 'ok', detail: null }
    } catch (cause) {
      return { state: 'error', detail: `the bundle is invalid: ${cause}` }
    }
  }

  function answer(recorded: Recorded): unknown {
    const { method, path, headers } = recorded
    const intercepted = options.intercept?.(recorded)
    if (intercepted) throw new Refusal(intercepted.status, intercepted.body)
    if (options.token && headers.authorization !== `Bearer ${options.token}`) {
      throw new Refusal(401, { detail: 'Invalid token' })
    }
    if (/^\/api\/0\/organizations\/[^/]+\/chunk-upload\/$/.test(path)) {
      if (method === 'POST') return upload(recorded)
      const { concurrency = 8, maxWait } = options
      const limits = {
        chunkSize,
        chunksPerRequest,
        maxFileSize,
        maxRequestSize,
        concurrency,
        ...(maxWait && { maxWait }),
      }
      return { url: `${url}${path}`, ...limits, hashAlgorithm: 'sha1', compression, accept }
    }
    if (/\/artifactbundle\/assemble\/$/.test(path)) return assemble(recorded)
    const release = /\/releases\/([^/]+)\/assemble\/$/.exec(path)?.[1]
    if (release) return assembleOf(decodeURIComponent(release), recorded)
    if (/\/releases\/$/.test(path) && method === 'POST') {
      throw new Refusal(201, { version: 'v', dateCreated: '2026-01-01T00:00:00.000Z', newGroups: 0, projects: [] })
    }
    throw new Refusal(404, { detail: 'The requested resource does not exist' })
  }

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const recorded: Recorded = {
      method: incoming.method ?? '',
      path: incoming.url ?? '',
      headers: incoming.headers,
      body: await buffer(incoming),
    }
    requests.push(recorded)
    await sleep(latencyMs)
    const isJson = incoming.headers['content-type'] === 'application/json' && recorded.body.length > 0
    if (isJson) recorded.json = JSON.parse(recorded.body.toString())
    const { status, body } = attempt(() => answer(recorded))
    recorded.status = status
    const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body)
    response
      .writeHead(status, { 'Content-Type': typeof body === 'string' ? 'text/html' : 'application/json' })
      .end(text)
  }

  const server = createServer((incoming, response) => void handle(incoming, response).catch(() => response.destroy()))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    requests,
    bundles,
    chunks,
    clear: () => void requests.splice(0),
    forgetStates: () => states.clear(),
    calls: () =>
      requests.map(({ method, path }) => `${method} ${path.replace(/^\/api\/0\/organizations\/[^/]+\//, '')}`),
    chunkBytes: () => requests.reduce((sum, { parts, body }) => sum + (parts ? body.length : 0), 0),
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function attempt(answer: () => unknown): { status: number; body: unknown } {
  try {
    return { status: 200, body: answer() }
  } catch (cause) {
    if (cause instanceof Refusal) return cause
    return { status: 400, body: { error: String(cause) } }
  }
}

interface AssembleBody {
  checksum: string
  chunks: string[]
  projects: string[]
  version?: string
  dist?: string
}

/** The server's JSON schema, and its texts. */
function checkAssembleBody(json: unknown): AssembleBody {
  const refuse = (error: string) => {
    throw new Refusal(400, { error })
  }
  if (typeof json !== 'object' || json === null) refuse('Invalid json body')
  const { checksum, chunks, projects, version, dist, ...rest } = json as Record<string, unknown>
  if (Object.keys(rest).length > 0) refuse(`Additional properties: ${Object.keys(rest)}`)
  if (version !== undefined && !(typeof version === 'string' && /^[^/]+$/.test(version))) {
    refuse('The version field cannot be empty and cannot contain any "/" characters.')
  }
  if (dist !== undefined && typeof dist !== 'string') refuse('The dist field must be a string.')
  if (!Array.isArray(projects) || !projects.every(project => typeof project === 'string')) {
    refuse('The projects field is required and must be provided as an array of strings.')
  }
  if (!isSha1(checksum)) refuse('The checksum field is required and must be a 40-character hexadecimal string.')
  if (!Array.isArray(chunks) || !chunks.every(isSha1)) {
    refuse('The chunks field is required and must be provided as an array of 40-character hexadecimal strings.')
  }
  return json as AssembleBody
}

function readMultipart({ headers, body }: Recorded): ChunkPart[] {
  const boundary = /^multipart\/form-data; boundary=(.+)$/.exec(headers['content-type'] ?? '')?.[1]
  if (!boundary) throw new Refusal(400, { error: 'Not multipart' })
  const parts: ChunkPart[] = []
  const mark = Buffer.from(`--${boundary}`)
  for (let at = body.indexOf(mark); body.toString('latin1', at + mark.length, at + mark.length + 2) === '\r\n'; ) {
    const start = at + mark.length + 2
    const headEnd = body.indexOf('\r\n\r\n', start)
    const next = body.indexOf(Buffer.from(`\r\n--${boundary}`), headEnd)
    const head = body.toString('utf8', start, headEnd)
    const [, field, filename] = /^Content-Disposition: form-data; name="(\w+)"; filename="(\w+)"/im.exec(head) ?? []
    if (!field || !isSha1(filename)) throw new Refusal(400, { error: 'Bad part' })
    parts.push({ field, sha1: filename as string, bytes: body.subarray(headEnd + 4, next) })
    at = next + 2
  }
  return parts
}
