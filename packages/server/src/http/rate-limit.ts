export interface RateLimit {
  /** Requests that are regained each second. */
  perSecond: number
  /** Requests at once, after a pause. */
  burst: number
}

export interface RateLimiter {
  /** Takes one request. @returns 0, or the seconds to wait for the next one */
  take(key: string): number
  /** The same without taking. */
  wait(key: string): number
}

/** Keeps a bucket for each key. Keys come from outside, so the oldest are dropped beyond `maxKeys`. */
export function createRateLimiter({ perSecond, burst }: RateLimit, maxKeys = 10_000): RateLimiter {
  const buckets = new Map<string, { left: number; at: number }>()

  function current(key: string): { left: number; at: number } {
    const now = performance.now()
    const { left, at } = buckets.get(key) ?? { left: burst, at: now }
    return { left: Math.min(burst, left + ((now - at) / 1000) * perSecond), at: now }
  }

  const secondsUntilOne = (left: number) => (left >= 1 ? 0 : Math.max(1, Math.ceil((1 - left) / perSecond)))

  return {
    take(key) {
      const bucket = current(key)
      const wait = secondsUntilOne(bucket.left)
      if (wait === 0) bucket.left--
      buckets.delete(key)
      buckets.set(key, bucket)
      const [oldest] = buckets.keys()
      if (buckets.size > maxKeys && oldest !== undefined) buckets.delete(oldest)
      return wait
    },
    wait: key => secondsUntilOne(current(key).left),
  }
}

/** The owner of an IPv6 address usually has its whole /64, which counts as one. */
export function addressKey(address: string): string {
  const isMapped = address.startsWith('::ffff:')
  if (!address.includes(':') || isMapped) return isMapped ? address.slice(7) : address
  return `${address.split(':').slice(0, 4).join(':')}::/64`
}
