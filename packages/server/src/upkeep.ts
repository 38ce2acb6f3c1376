import { reason } from '@mapseal/core'
import type { Log } from './http/log.ts'

/** Forgets now and then what is too old, or too much; so that a store does not grow for ever. */
export interface Upkeep {
  /** Waits for what is under way. */
  close(): Promise<void>
}

const firstMs = 60_000
const everyMs = 3_600_000

/** Any number of servers may do the same at the same time. */
export function createUpkeep(tasks: Record<string, () => Promise<void>>, log: Log): Upkeep {
  let running: Promise<void> | undefined

  async function run(): Promise<void> {
    for (const [task, work] of Object.entries(tasks)) {
      await work().catch(cause => log.warn('upkeep', { task, message: reason(cause) }))
    }
    running = undefined
  }
  const begin = () => {
    running ??= run()
  }
  const timers = [setTimeout(begin, firstMs), setInterval(begin, everyMs)]
  for (const timer of timers) timer.unref()

  return {
    async close() {
      for (const timer of timers) clearTimeout(timer)
      await running
    },
  }
}
