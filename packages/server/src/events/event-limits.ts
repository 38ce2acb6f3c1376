import { HttpProblem } from '../http/problem.ts'
import { addressKey, createRateLimiter, type RateLimit, type RateLimiter } from '../http/rate-limit.ts'

/** The DSN is public, so anyone may send events: no sender gets more than a share. */
export interface EventLimits {
  /** Takes one event. @throws HttpProblem 429 */
  takeEvent(project: string, address: string): void
  /** Takes one event that starts a group. @throws HttpProblem 429 */
  takeGroup(project: string, address: string): void
}

export interface EventRates {
  events: RateLimit
  eventsPerAddress: RateLimit
  newGroupsPerAddress: RateLimit
}

/** @param onLimit called before it throws */
export function createEventLimits(rates: EventRates, onLimit: () => void): EventLimits {
  const ofProject = createRateLimiter(rates.events)
  const ofAddress = createRateLimiter(rates.eventsPerAddress)
  const groupsOfAddress = createRateLimiter(rates.newGroupsPerAddress)

  function take(limiter: RateLimiter, key: string): void {
    const wait = limiter.take(key)
    if (wait === 0) return
    onLimit()
    const headers = { 'Retry-After': String(wait), 'X-Sentry-Rate-Limits': `${wait}:error:project` }
    throw new HttpProblem(429, { detail: 'Too many events' }, headers)
  }

  return {
    takeEvent(project, address) {
      // First, so that what one address sends in excess does not count for the project.
      take(ofAddress, `${project} ${addressKey(address)}`)
      take(ofProject, project)
    },
    takeGroup: (project, address) => take(groupsOfAddress, `${project} ${addressKey(address)}`),
  }
}
