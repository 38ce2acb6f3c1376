import { MapsealError, reason } from '../../errors.ts'
import { isTls, type ProxyFailure, proxyAdvice, proxyStatus, tlsAdvice } from '../../http/failure.ts'
import type { S3Address } from './address.ts'

/** What the SDK throws; the rest of it is never shown, since it may repeat tokens. */
interface S3Failure extends Partial<Pick<ProxyFailure, 'proxy'>> {
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
  const message = secrets.reduce((text, secret) => text.replaceAll(secret, '***'), reason(cause)).replace(/\s+/g, ' ')
  const what = status === undefined ? 'got no answer' : `was answered ${status}`
  const said = [code === 'Error' ? '' : code, message.slice(0, 200)].filter(Boolean).join(': ')
  const detail = failure.proxy === undefined ? said : proxyDetail(failure.proxy, code, said)
  const request = failure.$metadata?.requestId
  return new MapsealError(
    's3',
    `${action} (${place}) ${what}: ${withoutDot(detail)}. ${adviceFor(failure, code, status)}.`,
    { cause: new Error(`${detail}${request ? `, request ${request}` : ''}`) },
  )
}

function proxyDetail(proxy: string, code: string, said: string): string {
  const refusal = proxyStatus(code)
  if (refusal !== undefined) return `the proxy ${proxy} answered ${refusal}`
  return `the proxy ${proxy} could not be reached: ${said}`
}

function adviceFor({ proxy }: S3Failure, code: string, status: number | undefined): string {
  const refusal = proxyStatus(code)
  if (refusal !== undefined) return withoutDot(proxyAdvice(refusal))
  if (status === undefined && isTls(code)) return withoutDot(tlsAdvice(code))
  if (proxy !== undefined) return 'Check HTTPS_PROXY and the network; then try again'
  return ADVICE[code] ?? adviceForStatus(status)
}

const withoutDot = (text: string) => text.replace(/\.$/, '')

function adviceForStatus(status: number | undefined): string {
  if (status === undefined) return 'Check AWS_ENDPOINT_URL_S3 and the network (HTTPS_PROXY, a firewall); then try again'
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
