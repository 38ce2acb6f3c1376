import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import type { Received } from './types.ts'
import { readEntries } from './zip.ts'

/** Sentry's upload API as far as uploads need it; uploads are checked only in `check`, so that no client waits for it. */
export interface Sentry {
  answer(received: Received): unknown
  check(): { maps: number; problems: string[] }
}

interface Chunk {
  bytes: Buffer
  isGzip: boolean
}

interface AssembleBody {
  checksum: string
  chunks: string[]
}

export function createSentry(url: () => string): Sentry {
  const chunks = new Map<string, Chunk>()
  const bundles = new Map<string, string[]>()

  function assemble({ checksum, chunks: names }: AssembleBody): unknown {
    const missing = names.filter(name => !chunks.has(name))
    if (missing.length > 0) return { state: 'not_found', missingChunks: missing }
    bundles.set(checksum, names)
    return { state: 'ok', detail: null, missingChunks: [] }
  }

  function readBundle(checksum: string, names: string[]): Map<string, Buffer> {
    const plain = names.map(name => {
      const { bytes, isGzip } = chunks.get(name) as Chunk
      const content = isGzip ? gunzipSync(bytes) : bytes
      if (sha1(content) !== name) throw new Error(`chunk ${name} has another checksum`)
      return content
    })
    const bundle = Buffer.concat(plain)
    if (sha1(bundle) !== checksum) throw new Error(`bundle ${checksum} has another checksum`)
    return readEntries(bundle)
  }

  return {
    answer({ method, path, headers, body }) {
      if (/\/chunk-upload\/$/.test(path)) {
        if (method !== 'POST') return { ...LIMITS, url: `${url()}${path}` }
        for (const [name, chunk] of readChunks(headers['content-type'] ?? '', body)) chunks.set(name, chunk)
        return {}
      }
      if (/\/assemble\/$/.test(path)) return assemble(JSON.parse(body.toString()))
      if (/\/releases\//.test(path)) return RELEASE
      if (/\/organizations\/[^/]+\/$/.test(path)) return { ...ORGANIZATION, links: { regionUrl: url() } }
      return {}
    },

    check() {
      const problems: string[] = []
      let maps = 0
      for (const [checksum, names] of bundles) {
        try {
          maps += countMaps(readBundle(checksum, names))
        } catch (cause) {
          problems.push(String(cause))
        }
      }
      return { maps, problems }
    },
  }
}

/** As sentry.io answers. */
const LIMITS = {
  chunkSize: 8 << 20,
  chunksPerRequest: 64,
  maxFileSize: 2 ** 31,
  maxRequestSize: 32 << 20,
  concurrency: 8,
  hashAlgorithm: 'sha1',
  compression: ['gzip'],
  accept: ['debug_files', 'release_files', 'sources', 'artifact_bundles', 'artifact_bundles_v2'],
}
const DATE = '2026-01-01T00:00:00.000Z'
const RELEASE = { version: 'bench', dateCreated: DATE, newGroups: 0, projects: [{ slug: 'web', name: 'web' }] }
const ORGANIZATION = { id: '1', slug: 'acme', name: 'acme', dateCreated: DATE, isEarlyAdopter: false }

function sha1(bytes: Buffer): string {
  return createHash('sha1').update(bytes).digest('hex')
}

function* readChunks(contentType: string, body: Buffer): Generator<[string, Chunk]> {
  const boundary = /boundary="?([^";]+)/.exec(contentType)?.[1]
  if (!boundary) throw new Error('A chunk request is multipart.')
  const mark = Buffer.from(`--${boundary}`)
  for (let at = body.indexOf(mark); at >= 0; ) {
    const next = body.indexOf(mark, at + mark.length)
    if (next < 0) return
    const headEnd = body.indexOf('\r\n\r\n', at)
    const head = body.toString('latin1', at, headEnd)
    const name = /filename="?([0-9a-f]{40})/.exec(head)?.[1]
    if (name) yield [name, { bytes: body.subarray(headEnd + 4, next - 2), isGzip: head.includes('file_gzip') }]
    at = next
  }
}

function countMaps(entries: Map<string, Buffer>): number {
  const { files } = JSON.parse(entries.get('manifest.json')?.toString() ?? '{"files":{}}') as {
    files: Record<string, { type: string; headers?: Record<string, string> }>
  }
  return Object.entries(files).filter(
    ([path, { type, headers }]) => type === 'source_map' && headers?.['debug-id'] && isMap(entries.get(path)),
  ).length
}

function isMap(bytes: Buffer | undefined): boolean {
  return bytes !== undefined && 'mappings' in JSON.parse(bytes.toString())
}
