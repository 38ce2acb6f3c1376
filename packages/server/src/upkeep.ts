import { reason } from '@mapseal/core'
import type { Log } from './http/log.ts'

/** Deletes every hour what is too old or over a limit, so that a store does not grow forever. */
export interface Upkeep {
  /** Waits for the work in progress. */
  close(): Promise<void>
}

const firstMs = 60_000
const everyMs = 3_600_000

/** Any number of servers may do this at the same time. */
export function createUpkeep(tasks: Record<string, () => Promise<void>>, log: Log): Upkeep {
  let running: Promise<void> | undefined

  async function run(): Promise<void> {
    for (const [task, work] of Object.entries(tasks)) {
      await work().catch(cause => log.warn('upkeep', { task, message: reason(cause) }))
    }
    running = undefined
  }
  const runOnce = () => {
    running ??= run()
  }
  const timers = [setTimeout(runOnce, firstMs), setInterval(runOnce, everyMs)]
  for (const timer of timers) timer.unref()

  return {
    async close() {
      for (const timer of timers) clearTimeout(timer)
      await running
    },
  }
}
