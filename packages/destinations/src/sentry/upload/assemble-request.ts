import { MapsealError } from '@mapseal/core'
import { callSentry, withoutToken } from '../api.ts'
import type { ChunkedBundle } from '../bundle/chunks.ts'
import { releasePath } from '../release/releases.ts'
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

/** One question; the same again asks for the state. @param isSent whether the server has been sent what it lacked */
export async function askToAssemble(
  { checksum, chunks }: ChunkedBundle,
  { release, dist }: Label,
  { config, context, options }: Upload,
  isSent: boolean,
): Promise<Answer> {
  const body = { checksum, chunks: chunks.map(({ sha1 }) => sha1) }
  const isByRelease = options.kind === 'release'
  const label = { projects: config.projects, ...(release && { version: release }), ...(dist && { dist }) }
  const path = isByRelease ? `${releasePath(release ?? '')}assemble/` : 'artifactbundle/assemble/'
  const response = await callSentry(context, config, path, {
    body: isByRelease ? body : { ...body, ...label },
    sample: isSent ? { state: 'ok' } : { state: 'not_found', missingChunks: body.chunks },
  })
  const { state, missingChunks, detail } = Object(response.json()) as Record<string, unknown>
  if (typeof state !== 'string' || !states.includes(state)) {
    throw new MapsealError('sentry', `${config.url} answered no known state. Is SENTRY_URL a Sentry server?`)
  }
  const missing = Array.isArray(missingChunks) ? missingChunks.filter(name => typeof name === 'string') : []
  const text = typeof detail === 'string' && detail ? withoutToken(detail, config) : undefined
  return { state: state as Answer['state'], missing, detail: text }
}
