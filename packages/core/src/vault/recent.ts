import type { Bytes, Recent } from '../types.ts'

/** @param limit in bytes; beyond it, what was made first is dropped */
export function createRecent(limit: number): Recent {
  const kept = new Map<string, Bytes>()
  let size = 0
  return {
    get(sha256, make) {
      const found = kept.get(sha256)
      if (found) return found
      const bytes = make()
      kept.set(sha256, bytes)
      size += bytes.length
      for (const [oldest, { length }] of kept) {
        if (size <= limit) break
        kept.delete(oldest)
        size -= length
      }
      return bytes
    },
  }
}
