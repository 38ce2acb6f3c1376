import { HttpError } from '../errors.ts'
import { redirectHost } from './address.ts'
import { type Advised, adviceForError, adviceForStatus } from './advice.ts'
import { maxResponse, type RawResponse, tooLargeCode } from './client.ts'
import { isInvalidRequest, isTimeout, isTls, isUnknownHost, proxyStatus, timeoutCodes } from './failure.ts'
import { oneLine, type Redact } from './redact.ts'
import { serverMessage } from './response.ts'
import { isPassing, requestedWait } from './retry.ts'

/** A request with all its tries. */
export interface Exchange {
  /** Method and URL, redacted; made when it is shown. */
  label(): string
  url: URL
  proxy: URL | undefined
  tries: number
  /** All tries and waits, in ms. */
  spent: number
  redact: Redact
  isDelivery: boolean
  /** Whether `mapseal flush` makes up for a failure. */
  isFlushed: boolean
}

/** The error for a response with a status that was not wanted. */
export function refused(response: RawResponse, exchange: Exchange): HttpError {
  const { status } = response
  const { label, url, redact } = exchange
  const host = status < 400 && redirectHost(response.header('location'), url)
  const message = host ? `a redirect to ${host}` : serverMessage(response, redact)
  const requested = isPassing(status) ? requestedWait(response, Date.now()) : undefined
  const wait = requested ? `, asks to wait ${Math.ceil(requested / 1000)} s` : ''
  const text = `${label()} answered ${status}${message && ` (${message})`}${wait}${after(exchange)}`
  return new HttpError(redact(`${text}. ${adviceForStatus(status, advised(exchange))}`), { status })
}

/** Whether another try may go better after the error of one. A certificate stays as wrong as it is. */
export function isPassingError(cause: unknown): boolean {
  const { code } = flat(cause)
  const refusal = proxyStatus(code)
  if (refusal !== undefined) return isPassing(refusal)
  return !isTls(code) && code !== tooLargeCode && !isInvalidRequest(code)
}

/** The error where no response came. */
export function unanswered(cause: unknown, exchange: Exchange): HttpError {
  const { code, message } = flat(cause)
  const text = `${exchange.label()} ${describe(code, message, exchange)}`
  return new HttpError(exchange.redact(text), { cause: bareCause(cause, exchange.redact) })
}

function describe(code: string, message: string, exchange: Exchange): string {
  const { proxy, url, redact } = exchange
  if (code === tooLargeCode) {
    return `answered with more than ${maxResponse / 2 ** 20} MB. Check that its URL is that of the API.`
  }
  const advice = adviceForError(code, advised(exchange), proxy !== undefined)
  if (isInvalidRequest(code)) return `cannot be sent (${oneLine(message, redact, 100)}). ${advice}`
  const via = proxy ? ` through the proxy ${proxy.host}` : ''
  const end = `${after(exchange)}. ${advice}`
  if (isTimeout(code)) return `timed out${via} (${phaseOf(code)})${end}`
  if (isUnknownHost(code)) {
    return `could not be reached: DNS does not know ${proxy?.hostname ?? url.hostname} (${code})${end}`
  }
  const refusal = proxyStatus(code)
  if (refusal !== undefined) return `could not be reached${via}, which answered ${refusal}${end}`
  // OpenSSL's own words are at the end of its message.
  const detail = /SSL routines:[^:]*:([^:]+)/.exec(message)?.[1]
  const what = [code || oneLine(message, redact, 100), detail].filter(Boolean).join(': ')
  return `could not be reached${via}${isTls(code) ? `: TLS failed (${what})` : ` (${what})`}${end}`
}

/** The error of an exchange that the signal ended. */
export function aborted({ label, redact, isFlushed }: Pick<Exchange, 'label' | 'redact' | 'isFlushed'>): HttpError {
  const next = isFlushed ? 'Run `mapseal flush` to deliver the rest.' : 'Try again.'
  return new HttpError(redact(`${label()} was interrupted. ${next}`))
}

function advised({ isDelivery, isFlushed }: Exchange): Advised {
  const tryAgain = isDelivery ? 'Then try again.' : 'Is the server running?'
  return {
    address: 'the URL',
    again: isFlushed ? 'Run `mapseal flush`' : 'Try again',
    finally: isFlushed ? 'Then run `mapseal flush`.' : tryAgain,
    otherwise: `Check the ${isDelivery ? 'destination' : 'command'}'s options.`,
  }
}

function after({ tries, spent }: Exchange): string {
  return tries > 1 ? ` after ${tries} tries in ${Math.max(1, Math.round(spent / 1000))} s` : ''
}

function phaseOf(code: string): string {
  if (code === timeoutCodes.headers) return 'no answer'
  return code === timeoutCodes.body ? 'its answer does not end' : 'no connection'
}

/** The one with a code among nested errors: Node nests one per address. */
function flat(cause: unknown): { code: string; message: string } {
  if (typeof cause !== 'object' || cause === null) return { code: '', message: String(cause) }
  const { code, message = '', cause: inner, errors } = cause as Partial<AggregateError> & { code?: unknown }
  const nested = [inner, ...(errors ?? [])]
    .filter(Boolean)
    .map(flat)
    .find(one => one.code)
  return typeof code === 'string' ? { code, message } : (nested ?? { code: '', message })
}

/** Never the original: it may hold sockets, bytes of a response, or a request. */
function bareCause(cause: unknown, redact: Redact): Error {
  const { code, message } = flat(cause)
  const bare = new Error(oneLine(message || code, redact, 200))
  // Its own would be this function's.
  bare.stack = `Error: ${bare.message}`
  return code ? Object.assign(bare, { code }) : bare
}
