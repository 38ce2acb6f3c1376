import type { IncomingHttpHeaders } from 'node:http'
import { isIP } from 'node:net'
import { HttpProblem } from './problem.ts'

/** A name or address with an optional port, and nothing that could turn into another URL. */
const hostPattern = /^(?:[\w.-]{1,253}|\[[\da-f:.]{2,45}\])(?::\d{1,5})?$/i

/** The server's origin from the client's point of view. @throws HttpProblem 400 */
export function originOf(headers: IncomingHttpHeaders, publicUrl: string | undefined): string {
  if (publicUrl !== undefined) return publicUrl
  const origin = `http://${headers.host?.toLowerCase()}`
  // 1.2.3.999 looks like a name, but is an invalid address.
  if (hostPattern.test(headers.host ?? '') && URL.canParse(origin)) return origin
  throw new HttpProblem(400, { detail: 'The Host header is not a valid host' })
}

/**
 * Without tokens, only loopback keeps others out. But any page in a browser on this machine can reach loopback too, with
 * a form, or under a name that resolves to it. Both are refused.
 *
 * @throws HttpProblem 403
 */
export function refuseForeignPages(headers: IncomingHttpHeaders, origin: string, publicUrl: string | undefined): void {
  const { hostname } = new URL(origin)
  const isOwnName = hostname === 'localhost' || hostname.endsWith('.localhost') || isIP(hostname.replace(/[[\]]/g, ''))
  if (publicUrl === undefined && !isOwnName) {
    throw new HttpProblem(403, {
      detail: `This server does not answer as ${hostname}. Set its origin with --url, or use its address.`,
    })
  }
  const isForeign = headers.origin !== undefined && headers.origin !== origin
  const isCrossSite = ['cross-site', 'same-site'].includes(String(headers['sec-fetch-site'] ?? ''))
  const isNavigation = headers['sec-fetch-mode'] === 'navigate' && headers.origin === undefined
  if (isForeign || (isCrossSite && !isNavigation)) {
    throw new HttpProblem(403, { detail: 'Pages of other sites may not use a server without tokens' })
  }
}
