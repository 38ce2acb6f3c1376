import { createHash } from 'node:crypto'
import type { BuildRecord } from '../types.ts'

/**
 * Makes the test whether a script is one that a build found in its output and had not made: a service worker, polyfills or a
 * copied library. Any change of its bytes makes it another script.
 */
export function createOthersCheck(records: BuildRecord[]): (code: Buffer) => boolean {
  const known = new Set(
    records.flatMap(({ others = [], files }) => [
      ...others.map(({ sha256 }) => sha256),
      // Emitted by another plugin when all scripts had their IDs.
      ...files.flatMap(({ code, map }) => (code && !map ? [code.sha256] : [])),
    ]),
  )
  return code => known.size > 0 && known.has(createHash('sha256').update(code).digest('hex'))
}
