import { setTimeout as sleep } from 'node:timers/promises'
import type { Store } from '@mapseal/core'
import { HttpProblem } from '../http/problem.ts'
import { probeStore } from './probe.ts'

/** In ms. Anyone may ask, so the store is not tried more often. */
const CACHED_MS = 5000
/** In ms. Load balancers wait no longer than a few seconds. */
const PATIENCE_MS = 3000

/** Resolves if the store can be read and written. @throws HttpProblem 503, or what the store failed with */
export function createReadiness(store: Store): () => Promise<void> {
  let tried: { outcome: Promise<void>; at: number } | undefined

  return async () => {
    if (!tried || Date.now() - tried.at >= CACHED_MS) tried = { outcome: probeStore(store), at: Date.now() }
    const timer = new AbortController()
    const isLate = sleep(PATIENCE_MS, true, { signal: timer.signal, ref: false }).catch(() => false)
    const isSlow = await Promise.race([tried.outcome, isLate]).finally(() => timer.abort())
    if (isSlow) throw new HttpProblem(503, { detail: 'The vault does not answer' }, { 'Retry-After': '5' })
  }
}
