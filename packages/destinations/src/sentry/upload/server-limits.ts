import { type DeliveryContext, MapsealError } from '@mapseal/core'
import { callSentry, encodeSegment, type SentryConfig } from '../api.ts'

/** What the server takes; sizes in bytes. */
export interface UploadOptions {
  /** For the chunks; absolute. */
  url: string
  chunkSize: number
  chunksPerRequest: number
  maxRequestSize: number
  /** 0 where it names none. */
  maxFileSize: number
  concurrency: number
  /** How long assembling may take, in ms. */
  maxWaitMs: number
  takesGzip: boolean
  /**
   * How bundles become known: `missing` says which chunks it lacks, `bundles` does not, `release` knows them by their
   * release only; `files` takes no bundles at all.
   */
  kind: 'missing' | 'bundles' | 'release' | 'files'
}

const defaultMaxWaitMs = 300_000

const sample = {
  chunkSize: 8 * 2 ** 20,
  chunksPerRequest: 64,
  maxRequestSize: 32 * 2 ** 20,
  hashAlgorithm: 'sha1',
  compression: ['gzip'],
  accept: ['artifact_bundles_v2'],
}

export async function readUploadOptions(config: SentryConfig, context: DeliveryContext): Promise<UploadOptions> {
  const response = await callSentry(context, config, 'chunk-upload/', {
    sample: { ...sample, url: `organizations/${encodeSegment(config.org)}/chunk-upload/` },
  })
  const answer = Object(response.json()) as Record<string, unknown>
  const noValid = (key: string) =>
    new MapsealError('sentry', `${config.url} answers no valid "${key}" for uploads. Is SENTRY_URL a Sentry server?`)
  const positive = (key: string) => {
    const value = answer[key]
    if (typeof value === 'number' && Number.isInteger(value) && value > 0) return value
    throw noValid(key)
  }
  const whole = (key: string) => (Number.isInteger(answer[key]) ? Math.max(0, answer[key] as number) : 0)
  const { hashAlgorithm } = answer
  if (typeof hashAlgorithm !== 'string') throw noValid('hashAlgorithm')
  if (hashAlgorithm !== 'sha1')
    throw new MapsealError('sentry', `${config.url} wants chunks named by ${hashAlgorithm}; only sha1 is known.`)
  return {
    url: chunkUrl(answer.url, config.url),
    chunkSize: positive('chunkSize'),
    chunksPerRequest: positive('chunksPerRequest'),
    maxRequestSize: positive('maxRequestSize'),
    maxFileSize: whole('maxFileSize'),
    concurrency: whole('concurrency') || 4,
    maxWaitMs: Math.min(whole('maxWait') * 1000 || defaultMaxWaitMs, defaultMaxWaitMs),
    takesGzip: list(answer.compression).includes('gzip'),
    kind: kindOf(list(answer.accept)),
  }
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function kindOf(accept: unknown[]): UploadOptions['kind'] {
  if (accept.includes('artifact_bundles_v2')) return 'missing'
  if (accept.includes('artifact_bundles')) return 'bundles'
  return accept.includes('release_files') ? 'release' : 'files'
}

/**
 * Absolute: as it is. But a server behind a proxy that ends TLS may call itself `http:`; the token does not go there.
 * Relative: below `/api/0/`, which may be spelled out.
 */
function chunkUrl(value: unknown, base: string): string {
  if (typeof value !== 'string' || value === '') {
    throw new MapsealError('sentry', `${base} names no URL for chunks. Is SENTRY_URL a Sentry server?`)
  }
  if (!URL.canParse(value)) return `${base}/api/0/${value.replace(/^\/+/, '').replace(/^api\/0\//, '')}`
  const url = new URL(value)
  if (base.startsWith('https:') && url.protocol === 'http:' && url.hostname === new URL(base).hostname) {
    return `${base}${url.pathname}${url.search}`
  }
  return url.href
}
