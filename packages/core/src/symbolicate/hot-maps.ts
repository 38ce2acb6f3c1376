import type { MapReader } from './map-reader.ts'
import { trimOldest } from './trim-oldest.ts'

/** Keeps the most recently used map readers, as many as fit into `limit` bytes; the newest is kept whatever its size. */
export interface HotMaps {
  get(key: string): MapReader | undefined
  set(key: string, reader: MapReader): void
}

export function createHotMaps(limit: number): HotMaps {
  /** Least recently used first. */
  const readers = new Map<string, MapReader>()

  return {
    get(key) {
      const reader = readers.get(key)
      if (!reader) return
      readers.delete(key)
      readers.set(key, reader)
      return reader
    },
    set(key, reader) {
      readers.delete(key)
      readers.set(key, reader)
      trimOldest(readers, limit, ({ size }) => size)
    },
  }
}
