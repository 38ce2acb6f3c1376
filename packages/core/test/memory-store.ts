import { placeOf, type Store } from '../src/vault/store.ts'

/** What a memory store holds. */
export type Objects = Map<string, { bytes: Buffer; modified: number }>

/** A store in memory, by the clock of `Date`. */
export function memoryStore(objects: Objects = new Map()): Store {
  const put = (key: string, bytes: Uint8Array) =>
    void objects.set(key, { bytes: Buffer.from(bytes), modified: Date.now() })
  return {
    location: 'memory',
    async get(key, range) {
      const bytes = objects.get(key)?.bytes
      return range ? bytes?.subarray(range.offset, range.offset + range.length) : bytes
    },
    put: async (key, bytes) => put(key, bytes),
    async update(key, change) {
      const changed = change(objects.get(key)?.bytes)
      if (changed) put(key, changed)
    },
    create(key) {
      const pieces: Uint8Array[] = []
      return {
        append: async bytes => void pieces.push(bytes),
        commit: async () => put(key, Buffer.concat(pieces)),
        discard: async () => {},
      }
    },
    has: async key => objects.has(key),
    async touch(key, least = 0) {
      const found = objects.get(key)
      if (!found || found.bytes.length < least) return false
      objects.set(key, { ...found, modified: Date.now() })
      return true
    },
    async *list(prefix, after = '') {
      const keys = [...objects.keys()].filter(key => key.startsWith(prefix) && key > after).sort()
      for (const key of keys) {
        const found = objects.get(key)
        if (found) yield { key, modified: new Date(found.modified) }
      }
    },
    delete: async key => void objects.delete(key),
  }
}

/** Fails after `operations` calls that succeeded, and for ever after: as if the process had been killed there. */
export function stoppingStore(store: Store, operations: number): Store & { hasStopped(): boolean } {
  let left = operations
  let hasStopped = false

  function step(operation: string, key: string): void {
    hasStopped ||= left-- <= 0
    if (hasStopped) throw new Error(`stopped at ${operation} ${placeOf(store, key)}`)
  }

  return {
    location: store.location,
    hasStopped: () => hasStopped,
    async get(key, range) {
      step('get', key)
      return store.get(key, range)
    },
    async put(key, bytes) {
      step('put', key)
      await store.put(key, bytes)
    },
    async update(key, change) {
      step('get', key)
      const found = await store.get(key)
      if (!change(found)) return
      step('put', key)
      await store.update(key, change)
    },
    create(key) {
      const writer = store.create(key)
      return {
        async append(bytes) {
          step('append', key)
          await writer.append(bytes)
        },
        async commit() {
          step('commit', key)
          await writer.commit()
        },
        async discard() {
          step('discard', key)
          await writer.discard()
        },
      }
    },
    async has(key) {
      step('has', key)
      return store.has(key)
    },
    async touch(key, least) {
      step('touch', key)
      return store.touch(key, least)
    },
    async *list(prefix, after) {
      step('list', prefix)
      for await (const stored of store.list(prefix, after)) {
        yield stored
        step('list', stored.key)
      }
    },
    async delete(key) {
      step('delete', key)
      await store.delete(key)
    },
    async tidy() {
      step('tidy', '')
      await store.tidy?.()
    },
  }
}
