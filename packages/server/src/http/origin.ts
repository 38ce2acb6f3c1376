import type { IncomingHttpHeaders } from 'node:http'
import { isIP } from 'node:net'
import { HttpProblem } from './problem.ts'

/** A name or address with a port, and nothing that could end up as another URL. */
const hostPattern = /^(?:[\w.-]{1,253}|\[[\da-f:.]{2,45}\])(?::\d{1,5})?$/i

/** Where the client believes the server to be. @throws HttpProblem 400 */
export function originOf(headers: IncomingHttpHeaders, publicUrl: string | undefined): string {
  if (publicUrl !== undefined) return publicUrl
  const origin = `http://${headers.host?.toLowerCase()}`
  // An address such as 1.2.3.999 is spelled like a name and is none.
  if (hostPattern.test(headers.host ?? '') && URL.canParse(origin)) return origin
  throw new HttpProblem(400, { detail: 'The Host header names no host' })
}

/**
 * Without tokens, being on loopback is what keeps others out; but any page in a browser on this machine can reach
 * loopback too, with a form of its own or under a name that it makes lead here. Neither gets in.
 *
 * @throws HttpProblem 403
 */
export function refuseForeignPages(headers: IncomingHttpHeaders, origin: string, publicUrl: string | undefined): void {
  const { hostname } = new URL(origin)
  const isOwnName = hostname === 'localhost' || hostname.endsWith('.localhost') || isIP(hostname.replace(/[[\]]/g, ''))
  if (publicUrl === undefined && !isOwnName) {
    throw new HttpProblem(403, {
      detail: `This server is not known as ${hostname}. Name it with --url, or use its address.`,
    })
  }
  const isForeign = headers.origin !== undefined && headers.origin !== origin
  const isCrossSite = ['cross-site', 'same-site'].includes(String(headers['sec-fetch-site'] ?? ''))
  const isNavigation = headers['sec-fetch-mode'] === 'navigate' && headers.origin === undefined
  if (isForeign || (isCrossSite && !isNavigation)) {
    throw new HttpProblem(403, { detail: 'Pages of other sites may not use a server without tokens' })
  }
}
