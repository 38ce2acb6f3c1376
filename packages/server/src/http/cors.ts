import type { IncomingHttpHeaders } from 'node:http'
import type { Route } from './route.ts'

/** What lets a page of an origin that the route names read its answers, refusals too; undefined for all others. */
export function corsFor({ origins = [] }: Route, { origin }: IncomingHttpHeaders): Record<string, string> | undefined {
  if (origin === undefined || !origins.includes(origin)) return
  return {
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Methods': 'GET',
    'Access-Control-Allow-Headers': 'authorization',
    'Access-Control-Max-Age': '600',
    'Cross-Origin-Resource-Policy': 'cross-origin',
    Vary: 'Origin',
  }
}
