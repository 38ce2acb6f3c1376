import { randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { type DeliveryContext, MapsealError, type StreamedBody } from '@mapseal/core'
import { requestSentry, type SentryConfig } from '../api.ts'
import type { Chunk } from '../bundle/chunks.ts'
import { blocksOf, type Piece, sizeOf } from '../bundle/pieces.ts'
import type { Spill } from '../bundle/spill.ts'
import type { UploadOptions } from './server-limits.ts'

/** Maximum bytes of one request, whatever the server takes: where one fails, little is sent again. */
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
  /** Called with what the server has taken. */
  onSent: (sent: { bytes: number; uncompressed: number }) => void
}

/** Sends chunks, each once, as many at a time as the server bears. The first failure ends it. */
export async function sendChunks(chunks: Chunk[], { config, context, options, read, onSent }: Upload): Promise<void> {
  const queue = [...chunks]
  const limit = { bytes: Math.min(options.maxRequestSize, maxBatch), count: options.chunksPerRequest }
  const failures: unknown[] = []

  async function work(): Promise<void> {
    while (queue.length > 0 && failures.length === 0) {
      const batch = takeBatch(queue, limit)
      const { body, boundary } = await multipart(batch, options, read)
      const headers = { 'Content-Type': `multipart/form-data; boundary=${boundary}` }
      const response = await requestSentry(context, config, options.url, {
        method: 'POST',
        headers,
        body,
        accept: [413],
      })
      const uncompressed = batch.reduce((sum, { size }) => sum + size, 0)
      if (response.status !== 413) {
        onSent({ bytes: body.size, uncompressed })
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

/** By hand: a FormData body would be copied, and its length unknown. The codec is in the field's name. */
async function multipart(
  chunks: Chunk[],
  options: UploadOptions,
  read: Spill['read'],
): Promise<{ body: StreamedBody; boundary: string }> {
  const boundary = `----mapseal-${randomBytes(16).toString('hex')}`
  const pieces: Piece[] = []
  for (const chunk of chunks) {
    const { field, content } = await encode(chunk, options, read)
    const head = [
      `--${boundary}`,
      `Content-Disposition: form-data; name="${field}"; filename="${chunk.sha1}"`,
      'Content-Type: application/octet-stream',
    ]
    pieces.push(Buffer.from(`${head.join('\r\n')}\r\n\r\n`), ...content, Buffer.from('\r\n'))
  }
  pieces.push(Buffer.from(`--${boundary}--\r\n`))
  return { body: { size: sizeOf(pieces), pieces: () => blocksOf(pieces, read) }, boundary }
}

/**
 * What comes out of the spill is compressed already, and goes as it is to servers that take it so; those that do not know
 * missing chunks take gzip alone. The manifest is worth compressing.
 */
async function encode(
  { pieces }: Chunk,
  { takesGzip, kind }: UploadOptions,
  read: Spill['read'],
): Promise<{ field: string; content: Piece[] }> {
  const isPlain = pieces.every(Buffer.isBuffer)
  if (!takesGzip || (kind === 'missing' && !isPlain)) return { field: 'file', content: pieces }
  const bytes = Buffer.concat([...blocksOf(pieces, read)])
  return { field: 'file_gzip', content: [await wrap(bytes, { level: isPlain ? 1 : 0 })] }
}
