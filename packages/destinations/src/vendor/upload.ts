import {
  type Artifact,
  artifactKey,
  type BuildRecord,
  type Bytes,
  type DeliveryContext,
  type DeliveryReport,
  HttpError,
  MapsealError,
  reason,
} from '@mapseal/core'
import { inParallel } from './parallel.ts'

/** An artifact with a map; either is unpacked when it is read. */
export type MappedArtifact = Artifact & { map: Bytes }

interface Limits {
  /** The destination's name. */
  part: string
  /** The most that the vendor takes of one file, in bytes. */
  limit?: { bytes: number; of: 'map' | 'map and script' }
}

export interface Upload extends Limits {
  /** Sends one artifact. @throws where the vendor has not taken it */
  send(artifact: MappedArtifact): Promise<void>
}

export interface BatchUpload extends Limits {
  /** Artifacts in a batch. */
  size: number
  /** Sends a batch. @throws where the vendor has not taken all of it */
  send(batch: MappedArtifact[]): Promise<void>
}

/** Statuses that say something about one file. After any other, the next file would fare no better. */
const ofOneFile = [400, 409, 413, 415, 422]

/**
 * Sends each artifact on its own. A file that the vendor refuses fails alone, and is named at the end; refused credentials, or a
 * server that cannot be reached, end it at once.
 *
 * @throws HttpError or MapsealError, once all others have been sent
 */
export async function uploadEach(
  build: BuildRecord,
  artifacts: AsyncIterable<Artifact>,
  context: DeliveryContext,
  { send, ...limits }: Upload,
): Promise<DeliveryReport> {
  const progress = startProgress(build, context, limits)
  await inParallel(artifacts, context.parallel ?? 6, async artifact => {
    context.signal.throwIfAborted()
    if (!progress.takes(artifact)) return
    try {
      await send(artifact)
    } catch (cause) {
      if (!isOfOneFile(cause)) throw cause
      progress.failed(artifact, cause)
      return
    }
    progress.sent(artifact)
  })
  return progress.end()
}

/** What the files of a batch may take in memory, in bytes; one that is larger is a batch of its own. */
const mostInBatch = 32 * 2 ** 20

/** Sends artifacts in batches, one after another. A batch that fails ends the delivery. */
export async function uploadBatches(
  build: BuildRecord,
  artifacts: AsyncIterable<Artifact>,
  context: DeliveryContext,
  { size, send, ...limits }: BatchUpload,
): Promise<DeliveryReport> {
  const progress = startProgress(build, context, limits)
  let batch: MappedArtifact[] = []
  let bytes = 0
  const flush = async () => {
    context.signal.throwIfAborted()
    if (batch.length > 0) await send(batch)
    for (const artifact of batch) progress.sent(artifact)
    batch = []
    bytes = 0
  }
  for await (const artifact of artifacts) {
    if (!progress.takes(artifact)) continue
    const size = progress.sizeOf(artifact)
    if (bytes + size > mostInBatch) await flush()
    bytes += size
    batch.push(artifact)
    if (batch.length === size) await flush()
  }
  await flush()
  return progress.end()
}

interface Progress {
  /** Whether it has a map and keeps to the limit. */
  takes(artifact: Artifact): artifact is MappedArtifact
  sent(artifact: Artifact): void
  /** Size of the script and its map, in bytes. */
  sizeOf(artifact: Artifact): number
  failed(artifact: Artifact, cause: unknown): void
  /** @throws what is wrong with the files that failed */
  end(): DeliveryReport
}

function startProgress({ files }: BuildRecord, context: DeliveryContext, { part, limit }: Limits): Progress {
  const sizes = new Map(files.map(file => [artifactKey(file), { map: file.map?.size ?? 0, code: file.code.size }]))
  const total = [...sizes.values()].reduce((sum, { map }) => sum + map, 0)
  const sizeOf = (artifact: Artifact) => sizes.get(artifactKey(artifact)) ?? { map: 0, code: 0 }
  const failures: Failure[] = []
  let sent = 0
  let count = 0
  return {
    takes(artifact): artifact is MappedArtifact {
      if (!('map' in artifact)) return false
      const { map, code } = sizeOf(artifact)
      const size = limit?.of === 'map' ? map : map + code
      if (!limit || size <= limit.bytes) return true
      failures.push({ path: artifact.path, cause: tooLarge(part, artifact.path, size, limit) })
      return false
    },
    sent(artifact) {
      context.onHeld?.(artifact)
      count += 1
      sent += sizeOf(artifact).map
      context.onProgress?.(sent, total)
    },
    sizeOf(artifact) {
      const { map, code } = sizeOf(artifact)
      return map + code
    },
    failed: ({ path }, cause) => void failures.push({ path, cause }),
    end() {
      if (failures.length > 0) throw summaryOf(part, failures, count)
      return { artifacts: count }
    },
  }
}

function isOfOneFile(cause: unknown): boolean {
  return cause instanceof HttpError && cause.status !== undefined && ofOneFile.includes(cause.status)
}

function tooLarge(part: string, path: string, size: number, { bytes, of }: NonNullable<Limits['limit']>): MapsealError {
  const what = of === 'map' ? `The source map of ${path} has` : `${path} and its source map have`
  const limit = `${megabytes(size)} MB, and ${part} takes ${megabytes(bytes)} MB`
  return new MapsealError(part, `${what} ${limit}. Split the script into chunks.`)
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)
}

interface Failure {
  path: string
  cause: unknown
}

/** How many failures are shown. */
const shown = 5

function summaryOf(part: string, failures: Failure[], others: number): unknown {
  const [first] = failures
  if (failures.length + others === 1) return first?.cause
  const lines = failures.slice(0, shown).map(({ path, cause }) => `${path}: ${reason(cause)}`)
  const more = failures.length > shown ? ` And ${failures.length - shown} more.` : ''
  const message = `${failures.length} of ${failures.length + others} files were refused. ${lines.join(' ')}${more}`
  const status = first?.cause instanceof HttpError ? first.cause.status : undefined
  return new HttpError(message, { part, status })
}
