import { isIPv4, isIPv6 } from 'node:net'

/**
 * What names a person leaves an event here, before it is symbolicated or stored. Whole fields (`user`, `request` but for
 * its URL, `breadcrumbs`, `extra`, local variables) are never read at all, see event.ts; this is for what hides in text.
 */

/** Without credentials, query string and fragment. Also for relative URLs. */
export function scrubUrl(url: string): string {
  return url.replace(/[?#].*$/s, '').replace(/^([a-z][a-z\d+.-]{0,20}:\/\/)[^/@]{0,500}@/i, '$1')
}

/** The same for every URL in a text, and no IP address (but those of the machine itself) and no mail address. */
export function scrubText(text: string): string {
  return text
    .replace(URLS, scrubUrl)
    .replace(QUERIES, '')
    .replace(MAIL_ADDRESSES, '[mail]')
    .replace(IPV4, address => (isIPv4(address) && !/^(?:127|0)\./.test(address) ? '[ip]' : address))
    .replace(IPV6, address => (isIPv6(address) && address.length > 3 ? '[ip]' : address))
}

/** Each reads any text in linear time: what repeats is bounded, or ends where the next part begins. */
const URLS = /\b[a-z][a-z\d+.-]{0,20}:\/\/[^\s"'<>`)\]]+/gi
const QUERIES = /\?[\w%.~[\]-]{1,100}=[^\s"'<>`)]*/g
const MAIL_ADDRESSES = /[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[a-z]{2,24}\b/gi
const IPV4 = /(?<![\w./-])\d{1,3}(?:\.\d{1,3}){3}(?![\w.-])/g
const IPV6 = /(?<![\w:.])[\da-f:]{2,39}(?![\w:])/gi

const PERSONAL =
  /user|mail|cookie|auth|token|secret|password|session|phone|(?:first|last|full|server|host)_?name|(?:^|[^a-z])ip(?:$|[^a-z])/i

/** Tags are the developer's own words; those whose name says that they name a person are left out. */
export function scrubTags(tags: Record<string, string>): Record<string, string> {
  const kept = Object.entries(tags).filter(([name]) => !PERSONAL.test(name))
  return Object.fromEntries(kept.map(([name, value]) => [name, scrubText(value)]))
}
