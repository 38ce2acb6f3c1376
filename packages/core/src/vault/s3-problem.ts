import { MapsealError, reason } from '../errors.ts'
import type { S3Address } from './s3-address.ts'

/** What the SDK throws; the rest of it is told to nobody, for it may repeat tokens. */
interface S3Failure {
  name?: string
  /** The system's, where it is a text. */
  code?: unknown
  message?: string
  $metadata?: { httpStatusCode?: number; requestId?: string; attempts?: number }
}

const ADVICE: Record<string, string> = {
  NoSuchBucket: 'Create the bucket, or correct its name',
  CredentialsProviderError: 'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE',
  InvalidAccessKeyId: 'Correct AWS_ACCESS_KEY_ID',
  SignatureDoesNotMatch: 'Correct AWS_SECRET_ACCESS_KEY',
  ExpiredToken: 'Get new credentials',
  ExpiredTokenException: 'Get new credentials',
  InvalidToken: 'Correct AWS_SESSION_TOKEN, or unset it',
  AccessDenied: 'Allow s3:GetObject, s3:PutObject, s3:DeleteObject and s3:ListBucket',
  RequestTimeTooSkewed: "Set this machine's clock",
  QuotaExceeded: 'Make room in the bucket',
  EntityTooLarge: 'The store takes no objects of this size',
  ENOTFOUND: 'Check the bucket, and AWS_ENDPOINT_URL_S3',
}

/**
 * Says what a request to a store came to, and what to do.
 *
 * @param action such as `PUT`
 * @param secrets blotted out wherever the store repeats them
 */
export function s3Problem(
  cause: unknown,
  { bucket, prefix, endpoint }: S3Address,
  action: string,
  key: string,
  secrets: string[],
): MapsealError {
  const failure = cause as S3Failure
  const status = failure.$metadata?.httpStatusCode
  const code = status === undefined && typeof failure.code === 'string' ? failure.code : (failure.name ?? '')
  const place = `bucket ${bucket}, key ${prefix}${key}${endpoint ? ` at ${endpoint}` : ''}`
  const told = secrets.reduce((text, secret) => text.replaceAll(secret, '***'), reason(cause)).replace(/\s+/g, ' ')
  const what = status === undefined ? 'got no answer' : `was answered ${status}`
  const detail = [code === 'Error' ? '' : code, told.slice(0, 200)].filter(Boolean).join(': ')
  const request = failure.$metadata?.requestId
  return new MapsealError(
    's3',
    `${action} (${place}) ${what}: ${detail.replace(/\.$/, '')}. ${ADVICE[code] ?? adviceFor(status)}.`,
    { cause: new Error(`${detail}${request ? `, request ${request}` : ''}`) },
  )
}

function adviceFor(status: number | undefined): string {
  if (status === undefined) return 'Check AWS_ENDPOINT_URL_S3 and the network; then try again'
  if (status === 401 || status === 403) return ADVICE.AccessDenied as string
  if (status === 404) return ADVICE.NoSuchBucket as string
  if (status === 429 || status >= 500) return 'The trouble is on that side; try again when it has passed'
  return 'Check the bucket and AWS_ENDPOINT_URL_S3'
}

/** Whether there is nothing under a key, or the answer is one of `statuses`; a bucket that is absent is another matter. */
export function isAbsentObject(cause: unknown, ...statuses: number[]): boolean {
  const { name, $metadata } = cause as S3Failure
  const status = $metadata?.httpStatusCode ?? 0
  return name === 'NoSuchKey' || (status === 404 && name !== 'NoSuchBucket') || statuses.includes(status)
}

/** Whether an answer broke off on its way or was no HTTP, which the next may not. */
export function isBrokenOff(cause: unknown): boolean {
  const { name, code, $metadata } = cause as S3Failure
  const isUnread = typeof code === 'string' && (code.startsWith('HPE_') || code === 'ECONNRESET')
  return $metadata === undefined ? isUnread || name === 'TimeoutError' : isUnread && !$metadata.httpStatusCode
}
