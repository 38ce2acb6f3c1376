import type { Artifact, BuildRecord, DeliveryContext, DeliveryReport } from '@mapseal/core'
import type { SentryConfig } from '../api.ts'
import { type Bundle, layOutBundle } from '../bundle/bundle.ts'
import { cutBundle } from '../bundle/chunks.ts'
import { collectFiles } from '../bundle/collect.ts'
import { openSpill } from '../bundle/spill.ts'
import { splitFiles } from '../bundle/split.ts'
import { createRelease } from '../release/releases.ts'
import { deliverBundle, type Timing } from './assemble.ts'
import type { Label } from './assemble-request.ts'
import { ChunkTooLarge, type Upload } from './chunks.ts'
import { sendFiles } from './files.ts'
import { labelOf } from './label.ts'
import { readUploadOptions, type UploadOptions } from './server-limits.ts'

const smallestChunk = 16 * 1024

/** Uploads the artifacts of a build as artifact bundles. @throws unless the server says that it has them */
export async function uploadArtifacts(
  config: SentryConfig & { urlPrefix: string },
  build: BuildRecord,
  artifacts: AsyncIterable<Artifact>,
  context: DeliveryContext,
  timing: Timing = { firstPollMs: 100, pollMs: 1000 },
): Promise<DeliveryReport> {
  if (build.files.length === 0) return { artifacts: 0 }
  const spill = await openSpill()
  try {
    const [options, collected] = await Promise.all([
      readUploadOptions(config, context),
      collectFiles(artifacts, spill, config.urlPrefix, context),
    ])
    const isByRelease = options.kind === 'release' || options.kind === 'files'
    const label = labelOf(build, isByRelease)
    if (isByRelease && label.release) await createRelease(context, config, label.release)
    if (collected.files.length === 0) return { artifacts: 0 }
    if (options.kind === 'files') {
      const bytes = await sendFiles(collected.files, label, config, context, spill.read)
      return { artifacts: collected.artifacts, message: sentText(bytes) }
    }
    const attributes = { org: config.org, projects: config.projects, ...label }
    const bundles = splitFiles(collected.files, options.maxFileSize).map(files => layOutBundle(files, attributes))
    const total = bundles.reduce((sum, { size }) => sum + size, 0)
    const sent = { bytes: 0, uncompressed: 0 }
    const onSent: Upload['onSent'] = ({ bytes, uncompressed }) => {
      sent.bytes += bytes
      sent.uncompressed = Math.min(total, sent.uncompressed + uncompressed)
      context.onProgress?.(sent.uncompressed, total)
    }
    const upload: Upload = { config, context, options, read: spill.read, onSent }
    const messages = new Set<string>()
    for (const bundle of bundles) {
      const message = await deliverInChunks(bundle, label, upload, timing)
      if (message) messages.add(message)
    }
    return { artifacts: collected.artifacts, message: [sentText(sent.bytes), ...messages].join('; ') }
  } finally {
    await spill.close()
  }
}

/** A proxy may take less than the server says: how the same bundle is cut is up to us. */
async function deliverInChunks(
  bundle: Bundle,
  label: Label,
  upload: Upload,
  timing: Timing,
): Promise<string | undefined> {
  const { options, read } = upload
  for (let maxChunk = options.chunkSize; ; ) {
    const chunked = cutBundle(bundle, maxChunk, wantedChunks(options), read)
    try {
      return await deliverBundle(chunked, label, upload, timing)
    } catch (cause) {
      if (!(cause instanceof ChunkTooLarge) || cause.size <= smallestChunk) throw cause
      maxChunk = Math.max(smallestChunk, Math.floor(Math.min(cause.size, maxChunk) / 2))
    }
  }
}

/** Many where that saves bytes, but not where each is a request of its own. */
function wantedChunks({ kind, chunksPerRequest }: UploadOptions): number | undefined {
  return kind === 'missing' ? Math.min(256, chunksPerRequest * 32) : undefined
}

function sentText(bytes: number): string {
  if (bytes === 0) return 'nothing new to send'
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB sent` : `${(bytes / 1e6).toFixed(1)} MB sent`
}
