import { isIPv4, isIPv6 } from 'node:net'

/**
 * Removes from an event what identifies a person, before it is symbolicated or stored. Whole fields (`user`, `request` but for
 * its URL, `breadcrumbs`, `extra`, local variables) are never read at all, see event.ts; this is for what is hidden in text.
 */

/** Removes credentials, query string and fragment. Relative URLs too. */
export function scrubUrl(url: string): string {
  return url.replace(/[?#].*$/s, '').replace(/^([a-z][a-z\d+.-]{0,20}:\/\/)[^/@]{0,500}@/i, '$1')
}

/** Does the same for every URL in a text, and removes mail addresses and IP addresses other than loopback. */
export function scrubText(text: string): string {
  return text
    .replace(URLS, scrubUrl)
    .replace(QUERIES, '')
    .replace(MAIL_ADDRESSES, '[mail]')
    .replace(IPV4, address => (isIPv4(address) && !/^(?:127|0)\./.test(address) ? '[ip]' : address))
    .replace(IPV6, address => (isIPv6(address) && address.length > 3 ? '[ip]' : address))
}

/** Each takes linear time on any text: repetitions are bounded, or end where the next part starts. */
const URLS = /\b[a-z][a-z\d+.-]{0,20}:\/\/[^\s"'<>`)\]]+/gi
const QUERIES = /\?[\w%.~[\]-]{1,100}=[^\s"'<>`)]*/g
const MAIL_ADDRESSES = /[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[a-z]{2,24}\b/gi
const IPV4 = /(?<![\w./-])\d{1,3}(?:\.\d{1,3}){3}(?![\w.-])/g
const IPV6 = /(?<![\w:.])[\da-f:]{2,39}(?![\w:])/gi

const PERSONAL =
  /user|mail|cookie|auth|token|secret|password|session|phone|(?:first|last|full|server|host)_?name|(?:^|[^a-z])ip(?:$|[^a-z])/i

/** Drops tags whose name suggests that they identify a person: tags are the developer's own words. */
export function scrubTags(tags: Record<string, string>): Record<string, string> {
  const kept = Object.entries(tags).filter(([name]) => !PERSONAL.test(name))
  return Object.fromEntries(kept.map(([name, value]) => [name, scrubText(value)]))
}
