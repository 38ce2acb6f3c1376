import { HttpError } from '../errors.ts'
import { isLoopback } from './loopback.ts'
import type { Redact } from './redact.ts'

/** @throws HttpError for a text that is not a URL, for other schemes, and for plain `http:` to anything but loopback */
export function readAddress(address: string, allowInsecure: boolean, redact: Redact): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined
  // The text is not shown: it may hold credentials all the same.
  if (!url)
    throw new HttpError("A request's address is not a URL. Give the destination a URL such as https://example.com.")
  if (url.protocol === 'https:') return url
  if (url.protocol !== 'http:') {
    throw new HttpError(`${redact(shown(url))} is neither https: nor http:. Give the destination such a URL.`)
  }
  if (allowInsecure || isLoopback(url)) return url
  throw new HttpError(
    `${redact(shown(url))} would send source maps and tokens in the clear. Use https:, or set allowInsecure to send them all the same.`,
  )
}

/** Without credentials, query and fragment; bounded. */
export function shown(url: URL): string {
  const text = `${url.protocol}//${url.host}${url.pathname}`
  return text.length > 200 ? `${text.slice(0, 199)}…` : text
}

/** Where a response redirects to; absent without a valid address. */
export function redirectHost(location: string | undefined, base: URL): string | undefined {
  return location && URL.canParse(location, base) ? new URL(location, base).host : undefined
}
