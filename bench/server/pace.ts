import { setTimeout as sleep } from 'node:timers/promises'

/** Waits until a line of so many bytes a second, which all connections share, would have carried `bytes` more. */
export type Pace = (bytes: number) => Promise<void>

export function createPace(bytesPerSecond: number): Pace {
  let freeAt = 0
  return async bytes => {
    if (!Number.isFinite(bytesPerSecond)) return
    freeAt = Math.max(performance.now(), freeAt) + (bytes / bytesPerSecond) * 1000
    const wait = freeAt - performance.now()
    // Timers count whole milliseconds; what is less adds up in `freeAt`.
    if (wait >= 1) await sleep(wait)
  }
}
