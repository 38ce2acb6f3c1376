import { setTimeout as sleep } from 'node:timers/promises'

/** Resolves as soon as fewer than `perMinute` calls before it are within the last minute. */
export function createPace(perMinute: number, signal: AbortSignal, now: () => number = Date.now): () => Promise<void> {
  const slots: number[] = []
  return async () => {
    const before = slots.length < perMinute ? undefined : slots.shift()
    const at = Math.max(now(), (before ?? Number.NEGATIVE_INFINITY) + 60_000)
    slots.push(at)
    if (at > now()) await sleep(at - now(), undefined, { signal })
  }
}
