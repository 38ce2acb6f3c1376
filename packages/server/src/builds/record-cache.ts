import { type BuildRecord, mapLimit, readRecord, type Store } from '@mapseal/core'

/** The build records of a store that others write to as well. */
export interface RecordCache {
  /** Newest first. */
  all(): BuildRecord[]
  /** Another number after each change. */
  version(): number
  /** The first time, reads everything; later, sees to it that what is known does not grow old. */
  load(): Promise<void>
  /** Looks what has changed, unless that was done within the last second. @returns whether it looked */
  refresh(): Promise<boolean>
  add(build: BuildRecord): void
}

const refreshMs = 1000
/** After this long without a look, the next reader causes one; it does not wait for it. */
const staleMs = 5000
/** Of reads at a time, where a store is a network away. */
const parallel = 16

const prefix = 'builds/'

export function createRecordCache(store: Store): RecordCache {
  const known = new Map<string, { build: BuildRecord | undefined; modified: number }>()
  let sorted: BuildRecord[] = []
  let version = 0
  let lookedAt = Number.NEGATIVE_INFINITY
  let looking: Promise<void> | undefined

  function changed(): void {
    const builds = [...known.values()].flatMap(({ build }) => build ?? [])
    sorted = builds.sort((a, b) => (a.id < b.id ? 1 : -1))
    version++
  }

  async function look(): Promise<void> {
    const startedAt = Date.now()
    const listed = new Map<string, number>()
    for await (const { key, modified } of store.list(prefix)) {
      if (key.endsWith('.json')) listed.set(key, modified.getTime())
    }
    const fresh = [...listed].filter(([key, modified]) => known.get(key)?.modified !== modified)
    await mapLimit(fresh, parallel, async ([key, modified]) => {
      // What is no record, or of a later version, is passed over until it changes.
      const build = await readRecord(store, key).catch(cause =>
        cause instanceof SyntaxError ? undefined : raise(cause),
      )
      known.set(key, { build, modified })
    })
    const gone = [...known].filter(([key, { modified }]) => !listed.has(key) && modified < startedAt)
    for (const [key] of gone) known.delete(key)
    if (fresh.length > 0 || gone.length > 0) changed()
    lookedAt = Date.now()
  }

  function lookOnce(): Promise<void> {
    looking ??= look().finally(() => {
      looking = undefined
    })
    return looking
  }

  return {
    all: () => sorted,
    version: () => version,
    async load() {
      if (lookedAt === Number.NEGATIVE_INFINITY) await lookOnce()
      // Whoever asks next hears of a store that fails.
      else if (Date.now() - lookedAt > staleMs) lookOnce().catch(() => {})
    },
    async refresh() {
      if (Date.now() - lookedAt < refreshMs) return false
      await lookOnce()
      return true
    },
    add(build) {
      known.set(`${prefix}${build.id}.json`, { build, modified: Date.now() })
      changed()
    },
  }
}

function raise(cause: unknown): never {
  throw cause
}
