import { MapsealError, redactor } from '@mapseal/core'
import { encodeSegment } from '../api.ts'
import type { ChunkedBundle } from '../bundle/chunks.ts'
import { releasePath } from '../release/releases.ts'
import { api } from '../upload-request.ts'
import type { Upload } from './chunks.ts'

/** What the bundle is associated with. */
export interface Label {
  release?: string
  dist?: string
}

export interface Answer {
  state: 'ok' | 'created' | 'assembling' | 'not_found' | 'error'
  /** Checksums of chunks. */
  missing: string[]
  detail: string | undefined
}

const states = ['ok', 'created', 'assembling', 'not_found', 'error']

/** One question; the same again asks for the state. */
export async function askToAssemble(
  { checksum, chunks }: ChunkedBundle,
  { release, dist }: Label,
  { config, context, options }: Upload,
): Promise<Answer> {
  const org = `organizations/${encodeSegment(config.org)}`
  const body = { checksum, chunks: chunks.map(({ sha1 }) => sha1) }
  const answer =
    options.kind === 'release'
      ? await api(config, context, `${org}/${releasePath(release ?? '')}assemble/`, body)
      : await api(config, context, `${org}/artifactbundle/assemble/`, {
          ...body,
          projects: config.projects,
          ...(release && { version: release }),
          ...(dist && { dist }),
        })
  const { state, missingChunks, detail } = Object(answer) as Record<string, unknown>
  if (typeof state !== 'string' || !states.includes(state)) {
    throw new MapsealError('sentry', `${config.url} answered no known state. Is SENTRY_URL a Sentry server?`)
  }
  const missing = Array.isArray(missingChunks) ? missingChunks.filter(name => typeof name === 'string') : []
  const text = typeof detail === 'string' && detail ? redactor([config.authToken])(detail) : undefined
  return { state: state as Answer['state'], missing, detail: text }
}
