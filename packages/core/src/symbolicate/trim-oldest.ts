/** Deletes the oldest entries of a map, until the others fit into `limit`; the newest is kept whatever its size. */
export function trimOldest<Key, Value>(
  entries: Map<Key, Value>,
  limit: number,
  sizeOf: (value: Value) => number,
): void {
  let size = 0
  for (const value of entries.values()) size += sizeOf(value)
  for (const [key, value] of entries) {
    if (size <= limit || entries.size === 1) return
    entries.delete(key)
    size -= sizeOf(value)
  }
}
