import { type BuildRecord, mapLimit, readRecord, type Store } from '@mapseal/core'

/** The build records of a store that others write to as well. */
export interface RecordCache {
  /** The first time, reads everything; later, sees to it that what is known does not grow old. */
  load(): Promise<void>
  /** Looks what has changed, unless that was done within the last second. @returns whether it looked */
  refresh(): Promise<boolean>
  add(build: BuildRecord): void
}

/** Most changes are new builds, and there may be thousands of old ones: those are not gone through for each. */
export interface RecordListener {
  added(build: BuildRecord): void
  /** Something else has changed. */
  reset(builds: BuildRecord[]): void
}

const refreshMs = 1000
/** After this long without a look, the next reader causes one; it does not wait for it. */
const staleMs = 5000
/** Of reads at a time, where a store is a network away. */
const parallel = 16

const prefix = 'builds/'

export function createRecordCache(store: Store, listener: RecordListener): RecordCache {
  const known = new Map<string, { build: BuildRecord | undefined; modified: number }>()
  let lookedAt = Number.NEGATIVE_INFINITY
  let looking: Promise<void> | undefined

  async function look(): Promise<void> {
    const startedAt = Date.now()
    const listed = new Map<string, number>()
    for await (const { key, modified } of store.list(prefix)) {
      if (key.endsWith('.json')) listed.set(key, modified.getTime())
    }
    const fresh = [...listed].filter(([key, modified]) => known.get(key)?.modified !== modified)
    const added: BuildRecord[] = []
    let isReset = false
    await mapLimit(fresh, parallel, async ([key, modified]) => {
      // What is no record, or of a later version, is passed over until it changes.
      const build = await readRecord(store, key).catch(cause =>
        cause instanceof SyntaxError ? undefined : raise(cause),
      )
      const before = known.get(key)?.build
      known.set(key, { build, modified })
      // What this server wrote is read once more, as another may have replaced it since.
      if (before) isReset ||= JSON.stringify(before) !== JSON.stringify(build)
      else if (build) added.push(build)
    })
    const gone = [...known].filter(([key, { modified }]) => !listed.has(key) && modified < startedAt)
    for (const [key] of gone) known.delete(key)
    if (isReset || gone.length > 0) reset()
    else for (const build of added) listener.added(build)
    lookedAt = Date.now()
  }

  function reset(): void {
    listener.reset([...known.values()].flatMap(({ build }) => build ?? []))
  }

  function lookOnce(): Promise<void> {
    looking ??= look().finally(() => {
      looking = undefined
    })
    return looking
  }

  return {
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
      const key = `${prefix}${build.id}.json`
      const isNew = !known.has(key)
      known.set(key, { build, modified: Date.now() })
      if (isNew) listener.added(build)
      else reset()
    },
  }
}

function raise(cause: unknown): never {
  throw cause
}
