import { createHash } from 'node:crypto'

/** Formats a hash as esbuild does: eight characters of base32. */
export function rehash(text: string): string {
  const bytes = createHash('sha256').update(text).digest()
  return Array.from(bytes.subarray(0, 8), byte => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[byte % 32]).join('')
}
