import { promisify } from 'node:util'
import zlib from 'node:zlib'
import { mapLimit } from '@mapseal/core'
import type { Budget } from '../budget.ts'
import { type Answer, json, text } from '../http/answer.ts'
import type { BodyMemory } from '../http/body-memory.ts'
import type { Metrics } from '../http/metrics.ts'
import { HttpProblem } from '../http/problem.ts'
import type { Request } from '../http/request.ts'
import type { ResolvedServerOptions } from '../options.ts'
import { type ChunkStore, isSha1, sha1Of } from './chunks.ts'
import { type MultipartFile, withMultipart } from './multipart.ts'
import { checkOrg } from './organization.ts'

type Decode = (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>

const gunzip: Decode = promisify(zlib.gunzip)
/** Since Node 22.15. */
const { zstdDecompress } = zlib as unknown as { zstdDecompress?: (...args: unknown[]) => void }
const unzstd = zstdDecompress && (promisify(zstdDecompress) as Decode)

/** The features that make sentry-cli 2 upload missing chunks only. */
const accept = ['release_files', 'sources', 'artifact_bundles', 'artifact_bundles_v2']

export interface ChunkUploadServices {
  options: ResolvedServerOptions
  chunks: ChunkStore
  budget: Budget
  disk: BodyMemory
  metrics: Metrics
}

export async function chunkOptions(
  request: Request,
  { options }: Pick<ChunkUploadServices, 'options'>,
): Promise<Answer> {
  checkOrg(request, options)
  const { chunkBytes, chunksPerRequest, requestBytes, bundleBytes } = options.limits
  return json({
    url: `${request.origin}/api/0/organizations/${options.org}/chunk-upload/`,
    chunkSize: chunkBytes,
    chunksPerRequest,
    maxFileSize: bundleBytes,
    maxRequestSize: requestBytes,
    concurrency: 8,
    hashAlgorithm: 'sha1',
    compression: ['gzip', ...(unzstd ? ['zstd'] : [])],
    accept,
  })
}

/** Room for a gzip header in each part, and for the boundaries around it. */
const partOverhead = 64 * 1024

export async function chunkUpload(
  request: Request,
  { options, chunks, budget, disk, metrics }: ChunkUploadServices,
): Promise<Answer> {
  checkOrg(request, options)
  const { chunkBytes, chunksPerRequest, requestBytes } = options.limits
  const encoding = partEncoding(request.headers['content-encoding'])
  const limits = {
    bodyBytes: Math.max(requestBytes, chunkBytes) + chunksPerRequest * partOverhead,
    fileBytes: chunkBytes + partOverhead,
    files: chunksPerRequest,
    disk,
  }
  return withMultipart(request, limits, async ({ files }) => {
    let total = 0
    await mapLimit(files, 4, file =>
      budget.spend(file.size + chunkBytes, async () => {
        const bytes = await decode(file, encoding, chunkBytes)
        total += bytes.length
        if (total > Math.max(requestBytes, chunkBytes)) throw refusal('Request too large')
        if (!isSha1(file.filename) || sha1Of(bytes) !== file.filename) throw refusal('Checksum mismatch')
        await chunks.put(file.filename, bytes)
      }),
    )
    metrics.count('mapseal_chunks_total', 'Chunks received.', {}, files.length)
    metrics.count('mapseal_chunk_bytes_total', 'Bytes of chunks received, decoded.', {}, total)
    return text('')
  })
}

/** The header names the codec of each part; the form around them is not encoded. */
function partEncoding(header: string | undefined): string {
  const encoding = (header ?? '').trim().toLowerCase()
  const isKnown = ['', 'identity', 'gzip'].includes(encoding) || (encoding === 'zstd' && unzstd !== undefined)
  if (!isKnown) throw refusal('Unsupported Content-Encoding')
  return encoding === 'identity' ? '' : encoding
}

async function decode(file: MultipartFile, encoding: string, maxBytes: number): Promise<Buffer> {
  const isGzipField = file.field === 'file_gzip'
  if (!isGzipField && file.field !== 'file') throw refusal('Parts must be named file or file_gzip')
  if (isGzipField && encoding) throw refusal('Cannot combine Content-Encoding with file_gzip field')
  const codec = isGzipField ? gunzip : encoding === 'gzip' ? gunzip : encoding === 'zstd' ? unzstd : undefined
  const bytes = await file.bytes()
  if (!codec) {
    if (bytes.length > maxBytes) throw refusal('Chunk size too large')
    return bytes
  }
  return codec(bytes, { maxOutputLength: maxBytes }).catch(cause => {
    const isTooLarge = (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
    throw refusal(isTooLarge ? 'Chunk size too large' : `Invalid ${isGzipField ? 'gzip' : encoding} payload`)
  })
}

function refusal(error: string): HttpProblem {
  return new HttpProblem(400, { error })
}
