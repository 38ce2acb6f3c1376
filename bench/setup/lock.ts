import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** For machines that do other work, too. */
export interface Lock {
  /** Runs `work` while all other holders of a lock on the same file wait. */
  hold<Result>(work: () => Promise<Result>): Promise<Result>
  /** How long we have waited for other holders so far. */
  waitedMs(): number
}

/** A lock on a file (flock); without one there is nothing to wait for. */
export function createLock(file: string | undefined): Lock {
  let waited = 0
  return {
    async hold(work) {
      if (!file) return work()
      const askedAt = performance.now()
      const holder = spawn('flock', [file, 'sh', '-c', 'echo held; cat'], { stdio: ['pipe', 'pipe', 'inherit'] })
      await once(holder.stdout, 'data')
      waited += performance.now() - askedAt
      try {
        return await work()
      } finally {
        holder.stdin.end()
        await once(holder, 'exit')
      }
    },
    waitedMs: () => waited,
  }
}
