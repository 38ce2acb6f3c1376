import type { Stats } from 'node:fs'
import { isRunning, processSpace } from './process.ts'

/** A file of a process that cannot be looked up is abandoned once nothing was written to it for this long. */
const abandonedMs = 24 * 60 * 60 * 1000

/** What a file in `tmp/` is called while this process writes it: `<id>.<pid>.<process space>`. */
export function temporaryName(id: string): string {
  return `${id}.${process.pid}.${processSpace()}`
}

/**
 * Whether a writer was killed and left this file behind. Its process is looked up only where the ID means the same process
 * as to the writer: another container, or a machine that shares the folder, may be writing it right now.
 */
export function isAbandoned(name: string, { mtimeMs }: Pick<Stats, 'mtimeMs'>): boolean {
  const [, pid, space] = name.split('.')
  if (space === processSpace()) return !isRunning(Number(pid))
  return mtimeMs < Date.now() - abandonedMs
}
