import { statSync } from 'node:fs'

/** The clock that stamps files goes by the kernel's ticks, which come late on a busy machine. */
const clockLagMs = 1000

/** Whether a file was written at this time or later. @param since milliseconds since 1970 */
export function isWrittenSince(file: string, since: number): boolean {
  const stats = statSync(file, { throwIfNoEntry: false })
  return stats?.isFile() === true && stats.mtimeMs >= since - clockLagMs
}
