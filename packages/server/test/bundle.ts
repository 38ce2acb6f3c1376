import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { type ArchiveEntry, makeArchive } from './archive.ts'

/** Bundles as no client makes them. */

const idOf = (digit: string) => `00000000-0000-4000-8000-00000000000${digit}`

/** One script and its map, as a client makes them; or with other entries, or another manifest. */
export function makeBundle(
  options: { entries?: ArchiveEntry[]; manifest?: unknown; source?: string; release?: string } = {},
): Buffer {
  const { source = 'a()', release } = options
  const map = { version: 3, sources: ['a.ts'], sourcesContent: [source], names: [], mappings: 'AAAA' }
  const headers = { 'debug-id': idOf('1') }
  const manifest = options.manifest ?? {
    files: {
      'files/_/_/app.js': {
        type: 'minified_source',
        url: '~/app.js',
        headers: { ...headers, sourcemap: 'app.js.map' },
      },
      'files/_/_/app.js.map': { type: 'source_map', url: '~/app.js.map', headers },
    },
    org: 'acme',
    ...(release && { release }),
  }
  const text = typeof manifest === 'string' ? manifest : JSON.stringify(manifest)
  const entries = [
    { name: 'files/_/_/app.js', bytes: Buffer.from(source) },
    { name: 'files/_/_/app.js.map', bytes: Buffer.from(JSON.stringify(map)) },
    ...(options.entries ?? []),
    { name: 'manifest.json', bytes: Buffer.from(text) },
  ]
  return makeArchive(entries)
}

export const sha1 = (bytes: Buffer): string => createHash('sha1').update(bytes).digest('hex')

export interface UploadOptions {
  projects?: string[]
  version?: string
  dist?: string
  token?: string
  org?: string
  chunkBytes?: number
}

export interface Assembled {
  status: number
  state?: string
  detail?: string | null
  error?: string
  missingChunks?: string[]
}

/** Asks, sends what is missing, asks until there is an outcome. */
export async function uploadBundle(url: string, bundle: Buffer, options: UploadOptions = {}): Promise<Assembled> {
  const { projects = ['web'], version, dist, chunkBytes = 4 << 20 } = options
  const chunks = new Map<string, Buffer>()
  for (let at = 0; at < bundle.length; at += chunkBytes) {
    const chunk = bundle.subarray(at, at + chunkBytes)
    chunks.set(sha1(chunk), chunk)
  }
  const body = {
    checksum: sha1(bundle),
    chunks: [...chunks.keys()],
    projects,
    ...(version && { version }),
    ...(dist && { dist }),
  }
  const { missingChunks: missing = [], ...answer } = await assemble(url, body, options)
  if (answer.status !== 200) return answer
  if (missing.length > 0) {
    const { status } = await sendChunks(
      url,
      missing.map(name => [name, chunks.get(name) as Buffer]),
      options,
    )
    if (status !== 200) return { status }
  }
  return assembleToEnd(url, body, options)
}

/** Asks until there is an outcome: a server that needs more than a second answers `created` or `assembling` first. */
export async function assembleToEnd(url: string, body: unknown, options: UploadOptions = {}): Promise<Assembled> {
  for (;;) {
    const answer = await assemble(url, body, options)
    if (answer.state !== 'created' && answer.state !== 'assembling') return answer
  }
}

export async function assemble(url: string, body: unknown, options: UploadOptions = {}): Promise<Assembled> {
  const path = `/api/0/organizations/${options.org ?? 'acme'}/artifactbundle/assemble/`
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const response = await fetch(url + path, {
    method: 'POST',
    headers: headersOf(options, 'application/json'),
    body: text,
  })
  return { status: response.status, ...((await response.json()) as object) }
}

/** @param parts names with plain bytes */
export async function sendChunks(
  url: string,
  parts: [name: string, bytes: Buffer][],
  options: UploadOptions = {},
): Promise<{ status: number; text: string }> {
  const { body, contentType } = multipart(parts.map(([name, bytes]) => ['file_gzip', name, gzipSync(bytes)]))
  const path = `/api/0/organizations/${options.org ?? 'acme'}/chunk-upload/`
  const response = await fetch(url + path, {
    method: 'POST',
    headers: headersOf(options, contentType),
    body: new Uint8Array(body),
  })
  return { status: response.status, text: await response.text() }
}

export function multipart(parts: [field: string, filename: string, bytes: Buffer][]): {
  body: Buffer
  contentType: string
} {
  const boundary = '----mapseal'
  const pieces = parts.flatMap(([field, filename, bytes]) => [
    Buffer.from(
      `--${boundary}\r\nContent-Disposition: form-data; name="${field}"; filename="${filename}"\r\nContent-Type: application/octet-stream\r\n\r\n`,
    ),
    bytes,
    Buffer.from('\r\n'),
  ])
  return {
    body: Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)]),
    contentType: `multipart/form-data; boundary=${boundary}`,
  }
}

function headersOf({ token }: UploadOptions, contentType: string): Record<string, string> {
  return { 'Content-Type': contentType, ...(token && { Authorization: `Bearer ${token}` }) }
}
