import type { IncomingHttpHeaders } from 'node:http'
import { isIP } from 'node:net'
import { HttpProblem } from './problem.ts'

/** A name or address with an optional port, and nothing that could turn into another URL. */
const hostPattern = /^(?:[\w.-]{1,253}|\[[\da-f:.]{2,45}\])(?::\d{1,5})?$/i

/**
 * The server's origin from the client's point of view. With a public URL, the `Host` header must name it or the server
 * itself; a name that only resolves to this machine gets nothing.
 *
 * @throws HttpProblem 400, 403
 */
export function originOf(
  headers: IncomingHttpHeaders,
  { url, host }: { url: string | undefined; host: string },
): string {
  const origin = `http://${headers.host?.toLowerCase()}`
  // 1.2.3.999 looks like a name, but is an invalid address.
  if (!hostPattern.test(headers.host ?? '') || !URL.canParse(origin)) {
    throw new HttpProblem(400, { detail: 'The Host header is not a valid host' })
  }
  if (url === undefined) return origin
  const { hostname } = new URL(origin)
  if (hostname !== new URL(url).hostname && hostname !== host.toLowerCase() && !isOwnName(hostname)) {
    throw new HttpProblem(403, {
      detail: `This server is ${url} and does not answer as ${hostname}. Let the proxy pass the Host header on.`,
    })
  }
  return url
}

/** What other machines connect to, if they can: the address it listens on, or the public URL of a proxy before it. */
export function publicName({ host, url }: { url: string | undefined; host: string }): string | undefined {
  if (!isLoopback(host)) return host
  return url === undefined || isLoopback(new URL(url).hostname) ? undefined : url
}

/** Whether only this machine can connect to a host name or address. */
export function isLoopback(host: string): boolean {
  return isLocalName(host) || /^(?:::1|\[::1\]|127\.\d+\.\d+\.\d+)$/.test(host)
}

function isOwnName(hostname: string): boolean {
  return isLocalName(hostname) || isIP(hostname.replace(/[[\]]/g, '')) > 0
}

function isLocalName(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost')
}

/**
 * Without tokens, only loopback keeps others out. But any page in a browser on this machine can reach loopback too, with
 * a form, or under a name that resolves to it. Both are refused.
 *
 * @throws HttpProblem 403
 */
export function refuseForeignPages(headers: IncomingHttpHeaders, origin: string): void {
  const { hostname } = new URL(origin)
  if (!isOwnName(hostname)) {
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
