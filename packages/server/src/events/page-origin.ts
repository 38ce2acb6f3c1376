import type { IncomingHttpHeaders } from 'node:http'
import { isLoopback } from '../http/origin.ts'
import { HttpProblem } from '../http/problem.ts'

/** Refuses requests of pages that may send no events. @throws HttpProblem 403 */
export type PageGuard = (headers: IncomingHttpHeaders) => void

/**
 * A developer's server takes events from the developer's own pages. Any other page in the same browser could reach it too.
 *
 * @param allowed origins; `*` for all; by default all pages, or those on loopback if `isLocal`
 * @param isLocal whether only this machine can reach the server
 */
export function createPageGuard(allowed: readonly string[] | undefined, isLocal: boolean): PageGuard {
  const origins = new Set((allowed ?? (isLocal ? [] : ['*'])).map(origin => origin.toLowerCase()))

  return headers => {
    if (origins.has('*')) return
    const { origin } = headers
    // Only browsers send these headers; an SDK in Node sends neither.
    const isOther =
      origin === undefined && ['cross-site', 'same-site'].includes(String(headers['sec-fetch-site'] ?? ''))
    if (origin === undefined && !isOther) return
    if (origin !== undefined && (origins.has(origin.toLowerCase()) || (isLocal && isOnLoopback(origin)))) return
    throw new HttpProblem(403, {
      detail: `Pages of ${origin === 'null' ? 'files and sandboxes' : (origin ?? 'other sites')} may not send events to this server. Allow their origin with --allow-origin.`,
    })
  }
}

function isOnLoopback(origin: string): boolean {
  return URL.canParse(origin) && isLoopback(new URL(origin).hostname)
}
