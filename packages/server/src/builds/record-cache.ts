import { type BuildRecord, mapLimit, readRecord, type Store } from '@mapseal/core'

/** The build records of a store that other servers write to as well. */
export interface RecordCache {
  /** Reads everything the first time; later, refreshes in the background what is more than a few seconds old. */
  load(): Promise<void>
  /** Reads what has changed, unless it did so within the last second. @returns whether it did */
  refresh(): Promise<boolean>
  add(build: BuildRecord): void
}

/** Most changes are new builds, and there may be thousands of old ones, so that these are not gone through each time. */
export interface RecordListener {
  added(build: BuildRecord): void
  /** Anything but an addition has changed. */
  reset(builds: BuildRecord[]): void
}

const refreshMs = 1000
/** After this long, the next reader starts a refresh, without waiting for it. */
const staleMs = 5000
/** Maximum concurrent requests to a remote store. */
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
      // A file that is not a record, or is of a later version, is skipped until it changes.
      const build = await readRecord(store, key).catch(cause =>
        cause instanceof SyntaxError ? undefined : raise(cause),
      )
      const before = known.get(key)?.build
      known.set(key, { build, modified })
      // A record that this server wrote is read once more, as another server may have replaced it since.
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
      // If the store fails, the next call that waits for it fails.
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
