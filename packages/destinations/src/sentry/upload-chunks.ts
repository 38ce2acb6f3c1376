import { randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { type DeliveryContext, MapsealError } from '@mapseal/core'
import type { Spill } from './bundle-spill.ts'
import { type Chunk, readPieces } from './chunks.ts'
import type { SentryConfig } from './config.ts'
import type { UploadOptions } from './upload-options.ts'
import { request } from './upload-request.ts'

/** Of one request, uncompressed, whatever the server would take: with all requests in flight, what memory bears. */
const maxBatch = 8 * 1024 * 1024
const maxConcurrency = 4

const wrap = promisify(gzip)

/** A single chunk was too large for the server, or a proxy before it; smaller ones may pass. */
export class ChunkTooLarge extends MapsealError {
  /** In bytes. */
  size: number

  constructor(url: string, size: number) {
    super('sentry', `${url} refuses even ${size} bytes (413). Raise the body limit of the proxy before the server.`)
    this.size = size
  }
}

export interface Upload {
  config: SentryConfig
  context: DeliveryContext
  options: UploadOptions
  read: Spill['read']
  /** Told of what the server has taken. */
  onSent: (sent: { bytes: number; uncompressed: number }) => void
}

/** Sends chunks, each once, as many at a time as the server and memory bear. The first failure ends it. */
export async function sendChunks(chunks: Chunk[], { config, context, options, read, onSent }: Upload): Promise<void> {
  const queue = [...chunks]
  const limit = { bytes: Math.min(options.maxRequestSize, maxBatch), count: options.chunksPerRequest }
  const failures: unknown[] = []

  async function work(): Promise<void> {
    while (queue.length > 0 && failures.length === 0) {
      const batch = takeBatch(queue, limit)
      const { body, boundary } = await multipart(batch, options.takesGzip, read)
      const headers = { 'Content-Type': `multipart/form-data; boundary=${boundary}` }
      const response = await request(config, context, options.url, { method: 'POST', headers, body })
      const uncompressed = batch.reduce((sum, { size }) => sum + size, 0)
      if (response.status !== 413) {
        onSent({ bytes: body.length, uncompressed })
        continue
      }
      if (batch.length === 1) throw new ChunkTooLarge(options.url, uncompressed)
      limit.bytes = Math.min(limit.bytes, Math.ceil(uncompressed / 2))
      limit.count = Math.min(limit.count, Math.ceil(batch.length / 2))
      queue.unshift(...batch)
    }
  }
  const workers = Array.from({ length: Math.min(options.concurrency, maxConcurrency) }, () =>
    work().catch(cause => void failures.push(cause)),
  )
  await Promise.all(workers)
  if (failures.length > 0) throw failures[0]
}

/** At least one, and no more than fit. */
function takeBatch(queue: Chunk[], limit: { bytes: number; count: number }): Chunk[] {
  let count = 1
  let bytes = queue[0]?.size ?? 0
  while (count < Math.min(limit.count, queue.length)) {
    bytes += queue[count]?.size ?? 0
    if (bytes > limit.bytes) break
    count += 1
  }
  return queue.splice(0, count)
}

/** By hand: a FormData body would be copied, and its length unknown. The codec is in the field's name; all servers know it. */
async function multipart(
  chunks: Chunk[],
  isGzipped: boolean,
  read: Spill['read'],
): Promise<{ body: Buffer; boundary: string }> {
  const boundary = `----mapseal-${randomBytes(16).toString('hex')}`
  const parts: Buffer[] = []
  for (const { sha1, pieces } of chunks) {
    const bytes = await readPieces(pieces, read)
    const head = [
      `--${boundary}`,
      `Content-Disposition: form-data; name="${isGzipped ? 'file_gzip' : 'file'}"; filename="${sha1}"`,
      'Content-Type: application/octet-stream',
    ]
    parts.push(
      Buffer.from(`${head.join('\r\n')}\r\n\r\n`),
      // All servers know this field. What comes out of the spill is compressed already; the manifest is not.
      isGzipped ? await wrap(bytes, { level: pieces.every(Buffer.isBuffer) ? 1 : 0 }) : bytes,
      Buffer.from('\r\n'),
    )
  }
  return { body: Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]), boundary }
}
