import { createHash } from 'node:crypto'
import { mapLimit, type Store } from '@mapseal/core'

/** Pieces of bundles by their SHA-1. They are kept for a while, as the next build has most of them again. */
export interface ChunkStore {
  /** @param bytes must have this SHA-1 */
  put(sha1: string, bytes: Uint8Array): Promise<void>
  get(sha1: string): Promise<Buffer | undefined>
  /** The names that are not stored, once each; the others are kept by the next pruning. */
  missing(names: string[]): Promise<string[]>
  /** Deletes chunks that were not requested in this time. @returns how many */
  prune(maxAgeMs: number): Promise<number>
}

const prefix = 'chunks/'
const keyOf = (sha1: string) => `${prefix}${sha1.slice(0, 2)}/${sha1}`
const parallel = 16

export function createChunkStore(store: Store): ChunkStore {
  return {
    async put(sha1, bytes) {
      if (!(await store.touch(keyOf(sha1)))) await store.put(keyOf(sha1), bytes)
    },
    get: sha1 => store.get(keyOf(sha1)),

    async missing(names) {
      const found = await mapLimit([...new Set(names)], parallel, async name =>
        (await store.touch(keyOf(name))) ? undefined : name,
      )
      return found.filter(name => name !== undefined)
    },

    async prune(maxAgeMs) {
      const limit = Date.now() - maxAgeMs
      let count = 0
      for await (const { key, modified } of store.list(prefix)) {
        if (modified.getTime() >= limit) continue
        await store.delete(key)
        count++
      }
      return count
    },
  }
}

export function sha1Of(bytes: Uint8Array): string {
  return createHash('sha1').update(bytes).digest('hex')
}

export function isSha1(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{40}$/.test(value)
}
