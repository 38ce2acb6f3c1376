import type { MapReader } from './map-reader.ts'

/** Keeps the most recently used map readers, as many as fit into `limit` bytes; the newest is kept whatever its size. */
export interface HotMaps {
  get(key: string): MapReader | undefined
  set(key: string, reader: MapReader): void
}

export function createHotMaps(limit: number): HotMaps {
  /** Least recently used first. */
  const readers = new Map<string, MapReader>()

  function trim(): void {
    let size = 0
    for (const reader of readers.values()) size += reader.size
    for (const [key, reader] of readers) {
      if (size <= limit || readers.size === 1) return
      readers.delete(key)
      size -= reader.size
    }
  }

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
      trim()
    },
  }
}
