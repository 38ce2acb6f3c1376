import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** Holds a lock file (flock) while `work` runs, for machines that do other work, too. Without a file there is nothing to wait for. */
export async function withLock<Result>(file: string | undefined, work: () => Promise<Result>): Promise<Result> {
  if (!file) return work()
  const holder = spawn('flock', [file, 'sh', '-c', 'echo held; cat'], { stdio: ['pipe', 'pipe', 'inherit'] })
  await once(holder.stdout, 'data')
  try {
    return await work()
  } finally {
    holder.stdin.end()
    await once(holder, 'exit')
  }
}
