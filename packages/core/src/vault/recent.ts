import type { Bytes, Recent } from '../types.ts'

/**
 * Shares bytes that are still in memory: those that a caller holds, at no cost, and the most recent ones.
 *
 * @param limit in bytes, of the most recent ones; the oldest is dropped first
 */
export function createRecent(limit: number): Recent {
  const kept = new Map<string, Bytes>()
  const made = new Map<string, WeakRef<Bytes>>()
  let size = 0

  function keep(sha256: string, bytes: Bytes): void {
    if (kept.has(sha256)) return
    kept.set(sha256, bytes)
    size += bytes.length
    for (const [oldest, { length }] of kept) {
      if (size <= limit) break
      kept.delete(oldest)
      size -= length
    }
  }

  return {
    get(sha256, make) {
      const found = made.get(sha256)?.deref()
      const bytes = found ?? make()
      if (!found) made.set(sha256, new WeakRef(bytes))
      keep(sha256, bytes)
      return bytes
    },
  }
}
