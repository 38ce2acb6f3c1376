import type { Sentry } from './sentry.ts'
import type { Received, Traffic } from './types.ts'
import { countMaps } from './vendors.ts'

export interface TrafficRecord {
  /** A request has arrived; the result is called when it has been answered. */
  begin(): () => void
  record(received: Received): void
  clear(): void
  report(): Traffic
}

export function createTraffic(sentry: Sentry): TrafficRecord {
  let received: Received[] = []
  let inFlight = 0
  let maxInFlight = 0
  let firstAt: number | undefined
  let lastAt = 0

  return {
    begin() {
      firstAt ??= performance.now()
      inFlight += 1
      maxInFlight = Math.max(maxInFlight, inFlight)
      return () => {
        inFlight -= 1
        lastAt = performance.now()
      }
    },
    record(request) {
      received.push(request)
    },
    clear() {
      received = []
      maxInFlight = 0
      firstAt = undefined
      lastAt = 0
    },
    report() {
      const ofVendors = received.filter(({ path }) => !path.startsWith('/api/0/'))
      const { maps, problems } = sentry.check()
      return {
        requests: received.length,
        bytes: received.reduce((sum, { body }) => sum + body.length, 0),
        spanMs: firstAt === undefined ? 0 : lastAt - firstAt,
        maxInFlight,
        maps: maps + ofVendors.reduce((sum, request) => sum + countMaps(request), 0),
        problems,
      }
    },
  }
}
