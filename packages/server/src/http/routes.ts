import { json, text } from './answer.ts'
import type { Metrics } from './metrics.ts'
import type { Route } from './route.ts'

/** @param checkReady throws if the store fails */
export const operationRoutes = (metrics: Metrics, checkReady: () => Promise<void>): Route[] => [
  {
    method: 'GET',
    path: '/healthz',
    access: 'public',
    isForAnyHost: true,
    handle: async () => json({ status: 'ok' }),
  },
  {
    method: 'GET',
    path: '/readyz',
    access: 'public',
    isForAnyHost: true,
    async handle() {
      await checkReady()
      return json({ status: 'ready' })
    },
  },
  {
    method: 'GET',
    path: '/metrics',
    access: 'read',
    handle: async () => text(metrics.print(), 200, 'text/plain; version=0.0.4; charset=utf-8'),
  },
]
