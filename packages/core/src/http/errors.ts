import { HttpError } from '../errors.ts'
import { redirectHost } from './address.ts'
import { clean, serverText } from './answer.ts'
import { type Answer, connectTimeoutCode, maxAnswer, tooLargeCode } from './client.ts'
import { timeoutCodes } from './clock.ts'
import { isTls, proxyAdvice, proxyStatus, tlsAdvice } from './failure.ts'
import type { Redact } from './redact.ts'
import { askedWait, isPassing } from './retry.ts'

/** An exchange, for people. */
export interface Told {
  /** Method and URL. */
  label: string
  url: URL
  proxy: URL | undefined
  tries: number
  /** Of all tries and waits, in ms. */
  spent: number
  redact: Redact
  /** Whether `mapseal flush` makes up for what fails here. */
  isDelivery: boolean
}

/** The error for an answer that is none of those wanted. */
export function refused(answer: Answer, told: Told): HttpError {
  const { status } = answer
  const host = status < 400 && redirectHost(answer.header('location'), told.url)
  const said = host ? `a redirect to ${host}` : serverText(answer, told.redact)
  const asked = isPassing(status) ? askedWait(answer, Date.now()) : undefined
  const wait = asked ? `, asks to wait ${Math.ceil(asked / 1000)} s` : ''
  const message = `${told.label} answered ${status}${said && ` (${said})`}${wait}${after(told)}. ${advice(status, told)}`
  return new HttpError(told.redact(message), { status })
}

function advice(status: number, told: Told): string {
  if (status === 401) return 'Check the token: it is missing, wrong or has expired.'
  if (status === 403) return 'Check that the token may do this, and that it belongs to this organization and project.'
  if (status === 404) return 'Check the URL and the names in it.'
  if (status === 407) return proxyAdvice(status)
  if (status === 413) return 'It is more than the server, or a proxy before it, takes at once. Raise its limit.'
  if (status === 429) return `The server limits its requests. ${again(told)} later.`
  if (status >= 500 || isPassing(status)) return `The trouble is on that side. ${again(told)} when it has passed.`
  if (status < 400) return 'Set the URL to the address that it leads to.'
  return `Check the ${told.isDelivery ? 'destination' : 'command'}'s options.`
}

/** Of the error of a try: whether another may go better. A certificate stays as wrong as it is. */
export function isPassingError(cause: unknown): boolean {
  const { code } = flat(cause)
  const refusal = proxyStatus(code)
  if (refusal !== undefined) return isPassing(refusal)
  return !isTls(code) && code !== tooLargeCode && !/^ERR_(?:INVALID|UNESCAPED|HTTP_INVALID)/.test(code)
}

/** The error where no answer came. */
export function unanswered(cause: unknown, told: Told): HttpError {
  const { code, message } = flat(cause)
  const via = told.proxy ? ` through the proxy ${told.proxy.host}` : ''
  const text = `${told.label} ${happened(code, message, via, told)}`
  return new HttpError(told.redact(text), { cause: bareCause(cause, told.redact) })
}

function happened(code: string, message: string, via: string, told: Told): string {
  const refusal = proxyStatus(code)
  // OpenSSL's own words are at the end of its message.
  const said = /SSL routines:[^:]*:([^:]+)/.exec(message)?.[1]
  const what = [code || clean(message, told.redact, 100), said].filter(Boolean).join(': ')
  if (refusal !== undefined) {
    return `could not be reached${via}, which answered ${refusal}${after(told)}. ${proxyAdvice(refusal)}`
  }
  if (isTimeout(code)) {
    const next = `Check the URL and the network (HTTPS_PROXY, a firewall), or ${again(told).toLowerCase()} when the server answers.`
    return `timed out${via} (${timedOut(code)})${after(told)}. ${next}`
  }
  if (code === 'ENOTFOUND' || code.startsWith('EAI_')) {
    const host = told.proxy?.hostname ?? told.url.hostname
    const next = `Check the ${told.proxy ? 'proxy’s name in HTTPS_PROXY' : 'URL'}, or the name server.`
    return `could not be reached: DNS does not know ${host} (${code})${after(told)}. ${next}`
  }
  if (isTls(code)) return `could not be reached${via}: TLS failed (${what})${after(told)}. ${tlsAdvice(code)}`
  if (code === tooLargeCode) {
    return `answered with more than ${maxAnswer / 2 ** 20} MB. Check that its URL is that of the API.`
  }
  if (!isPassingError({ code, message }))
    return `cannot be sent (${clean(message, told.redact, 100)}). Check the options.`
  const next = via ? 'Check the proxy.' : 'Check the URL and the network (HTTPS_PROXY, a firewall).'
  const last = told.isDelivery ? 'Then run `mapseal flush`.' : 'Is the server running?'
  return `could not be reached${via} (${what})${after(told)}. ${next} ${last}`
}

/** The error of an exchange that the signal ended. */
export function aborted({ label, redact, isDelivery }: Pick<Told, 'label' | 'redact' | 'isDelivery'>): HttpError {
  const next = isDelivery ? 'Run `mapseal flush` to deliver the rest.' : 'Try again.'
  return new HttpError(redact(`${label} was interrupted. ${next}`))
}

const again = ({ isDelivery }: Told) => (isDelivery ? 'Run `mapseal flush`' : 'Try again')

const after = ({ tries, spent }: Told) =>
  tries > 1 ? ` after ${tries} tries in ${Math.max(1, Math.round(spent / 1000))} s` : ''

function isTimeout(code: string): boolean {
  return code === connectTimeoutCode || code === 'ETIMEDOUT' || Object.values(timeoutCodes).includes(code)
}

function timedOut(code: string): string {
  if (code === timeoutCodes.headers) return 'no answer'
  return code === timeoutCodes.body ? 'its answer does not end' : 'no connection'
}

/** Of errors that are nested, the one with a code: Node's around one per address. */
function flat(cause: unknown): { code: string; message: string } {
  if (typeof cause !== 'object' || cause === null) return { code: '', message: String(cause) }
  const { code, message = '', cause: inner, errors } = cause as Partial<AggregateError> & { code?: unknown }
  const nested = [inner, ...(errors ?? [])]
    .filter(Boolean)
    .map(flat)
    .find(one => one.code)
  return typeof code === 'string' ? { code, message } : (nested ?? { code: '', message })
}

/** Never the original: it may hold sockets, bytes of an answer, or a request. */
function bareCause(cause: unknown, redact: Redact): Error {
  const { code, message } = flat(cause)
  const bare = new Error(clean(message || code, redact, 200))
  // Its own would be this function's.
  bare.stack = `Error: ${bare.message}`
  return code ? Object.assign(bare, { code }) : bare
}
