import { reason, type Store } from '@mapseal/core'

/** The store failed, not the request: it may succeed when it is repeated. */
export class StoreFailure extends Error {
  override name = 'StoreFailure'

  constructor(cause: unknown) {
    super(reason(cause), { cause })
  }
}

/** The store failure in an error's chain of causes. */
export function storeFailureOf(cause: unknown): StoreFailure | undefined {
  if (cause instanceof StoreFailure) return cause
  return cause instanceof Error ? storeFailureOf(cause.cause) : undefined
}

/** Wraps a store, so that all its errors are `StoreFailure`s. */
export function watchStore(store: Store, onFailure: (operation: string) => void): Store {
  async function watch<Result>(operation: string, work: () => Promise<Result>): Promise<Result> {
    try {
      return await work()
    } catch (cause) {
      onFailure(operation)
      throw new StoreFailure(cause)
    }
  }
  const { tidy, isExclusive } = store

  return {
    location: store.location,
    get: (key, range) => watch('get', () => store.get(key, range)),
    put: (key, bytes) => watch('put', () => store.put(key, bytes)),
    update: (key, change) => watch('put', () => store.update(key, change)),
    create(key) {
      const writer = store.create(key)
      return {
        append: bytes => watch('put', () => writer.append(bytes)),
        commit: () => watch('put', () => writer.commit()),
        discard: () => watch('put', () => writer.discard()),
      }
    },
    has: key => watch('get', () => store.has(key)),
    touch: (key, least) => watch('touch', () => store.touch(key, least)),
    async *list(prefix, after) {
      const listed = store.list(prefix, after)[Symbol.asyncIterator]()
      try {
        for (;;) {
          const next = await watch('list', () => listed.next())
          if (next.done) return
          yield next.value
        }
      } finally {
        await listed.return?.()
      }
    },
    delete: key => watch('delete', () => store.delete(key)),
    ...(isExclusive && { isExclusive: () => watch('put', () => isExclusive.call(store)) }),
    ...(tidy && { tidy: () => watch('tidy', () => tidy.call(store)) }),
  }
}
