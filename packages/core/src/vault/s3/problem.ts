import { HttpError, reason } from '../../errors.ts'
import { type Advised, adviceForError, adviceForStatus } from '../../http/advice.ts'
import { type ProxyFailure, proxyStatus } from '../../http/failure.ts'
import { oneLine, redactor } from '../../http/redact.ts'
import type { S3Address } from './address.ts'

/** What the SDK throws; the rest of it is never shown, since it may repeat tokens. */
interface S3Failure extends Partial<Pick<ProxyFailure, 'proxy'>> {
  name?: string
  /** The system's, where it is a text. */
  code?: unknown
  message?: string
  $metadata?: { httpStatusCode?: number; requestId?: string; attempts?: number }
}

const createBucket = 'Create the bucket, or correct its name.'
const allowAccess = 'Allow s3:GetObject, s3:PutObject, s3:DeleteObject and s3:ListBucket.'

const advised: Advised = {
  address: 'AWS_ENDPOINT_URL_S3',
  again: 'Try again',
  finally: 'Then try again.',
  otherwise: 'Check the bucket and AWS_ENDPOINT_URL_S3.',
  own: {
    401: allowAccess,
    403: allowAccess,
    404: createBucket,
    AccessDenied: allowAccess,
    CredentialsProviderError: 'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE.',
    ENOTFOUND: 'Check the bucket, and AWS_ENDPOINT_URL_S3.',
    EntityTooLarge: 'The store takes no objects of this size.',
    ExpiredToken: 'Get new credentials.',
    ExpiredTokenException: 'Get new credentials.',
    InvalidAccessKeyId: 'Correct AWS_ACCESS_KEY_ID.',
    InvalidToken: 'Correct AWS_SESSION_TOKEN, or unset it.',
    NoSuchBucket: createBucket,
    QuotaExceeded: 'Make room in the bucket.',
    RequestTimeTooSkewed: "Set this machine's clock.",
    SignatureDoesNotMatch: 'Correct AWS_SECRET_ACCESS_KEY.',
  },
}

/**
 * The error of a request to a store, with what to do.
 *
 * @param action such as `PUT`
 * @param secrets masked wherever the store repeats them
 */
export function s3Problem(
  cause: unknown,
  { bucket, prefix, endpoint }: S3Address,
  action: string,
  key: string,
  secrets: string[],
): HttpError {
  const failure = cause as S3Failure
  const status = failure.$metadata?.httpStatusCode
  const code = status === undefined && typeof failure.code === 'string' ? failure.code : (failure.name ?? '')
  const redact = redactor(secrets)
  const place = `bucket ${bucket}, key ${prefix}${key}${endpoint ? ` at ${endpoint}` : ''}`
  const message = oneLine(reason(cause), redact, 200)
  const what = status === undefined ? 'got no answer' : `was answered ${status}`
  const described = [code === 'Error' ? '' : code, message].filter(Boolean).join(': ')
  const detail = failure.proxy === undefined ? described : proxyDetail(failure.proxy, code, described)
  const request = failure.$metadata?.requestId
  return new HttpError(
    redact(`${action} (${place}) ${what}: ${detail.replace(/\.$/, '')}. ${adviceFor(failure, code, status)}`),
    { part: 's3', status, cause: new Error(`${detail}${request ? `, request ${redact(request)}` : ''}`) },
  )
}

function proxyDetail(proxy: string, code: string, described: string): string {
  const refusal = proxyStatus(code)
  if (refusal !== undefined) return `the proxy ${proxy} answered ${refusal}`
  return `the proxy ${proxy} could not be reached: ${described}`
}

function adviceFor({ proxy }: S3Failure, code: string, status: number | undefined): string {
  if (status === undefined) return adviceForError(code, advised, proxy !== undefined)
  return advised.own?.[code] ?? adviceForStatus(status, advised)
}

/** Whether there is nothing under a key, or the response is one of `statuses`; an absent bucket is another matter. */
export function isAbsentObject(cause: unknown, ...statuses: number[]): boolean {
  const { name, $metadata } = cause as S3Failure
  const status = $metadata?.httpStatusCode ?? 0
  return name === 'NoSuchKey' || (status === 404 && name !== 'NoSuchBucket') || statuses.includes(status)
}

/** Whether a response broke off on its way or was not HTTP, which the next may be. */
export function isBrokenOff(cause: unknown): boolean {
  const { name, code, $metadata } = cause as S3Failure
  const isUnread = typeof code === 'string' && (code.startsWith('HPE_') || code === 'ECONNRESET')
  return $metadata === undefined ? isUnread || name === 'TimeoutError' : isUnread && !$metadata.httpStatusCode
}
