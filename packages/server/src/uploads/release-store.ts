import { createHash } from 'node:crypto'
import { mapLimit, type Store } from '@mapseal/core'
import { createTurns } from './turns.ts'

export interface ReleaseRecord {
  version: string
  format: 1
  /** Slugs. */
  projects: string[]
  /** ISO 8601. */
  dateCreated: string
  dateStarted?: string
  dateReleased?: string
  url?: string
  ref?: string
  status: 'open' | 'archived'
  /** Newest first, as the client's git has them. */
  commits: Commit[]
  /** Repositories with their commits, as the client names them. */
  refs: Ref[]
  deploys: Deploy[]
}

export interface Commit {
  id: string
  repository?: string
  message?: string
  author_name?: string
  author_email?: string
  timestamp?: string
}

export interface Ref {
  repository: string
  commit: string
  previousCommit?: string
}

export interface Deploy {
  id: string
  environment: string
  name: string | null
  url: string | null
  dateStarted: string | null
  dateFinished: string
}

export interface ReleaseStore {
  read(version: string): Promise<ReleaseRecord | undefined>
  /** The newest `most` that are wanted, newest first. Reads all but keeps few: each may have megabytes of commits. */
  newest(most: number, isWanted: (release: ReleaseRecord) => boolean): Promise<ReleaseRecord[]>
  /**
   * Makes one change after the other. If two servers change a release in the same instant, the last one wins.
   *
   * @param change may change its argument and return it; undefined leaves everything as it is
   */
  update(
    version: string,
    change: (release: ReleaseRecord | undefined) => ReleaseRecord | undefined,
  ): Promise<ReleaseRecord | undefined>
  remove(version: string): Promise<void>
}

const prefix = 'releases/'
/** Names may have characters that keys cannot. */
const releaseId = (version: string) => createHash('sha256').update(version).digest('hex')
const releaseKey = (version: string) => `${prefix}${releaseId(version)}.json`

/** The prefix of what else is kept of a release. */
export const releaseFolder = (version: string): string => `${prefix}${releaseId(version)}/`

const parallel = 16

export function createReleaseStore(store: Store): ReleaseStore {
  const turns = createTurns()

  async function readKey(key: string): Promise<ReleaseRecord | undefined> {
    const bytes = await store.get(key)
    const release = bytes && (JSON.parse(bytes.toString('utf8')) as Partial<ReleaseRecord>)
    return release?.format === 1 ? (release as ReleaseRecord) : undefined
  }

  return {
    read: version => readKey(releaseKey(version)),

    async newest(most, isWanted) {
      const keys: string[] = []
      for await (const { key } of store.list(prefix)) if (/^releases\/[0-9a-f]{64}\.json$/.test(key)) keys.push(key)
      const dates = await mapLimit(keys, parallel, async key => {
        const release = await readKey(key)
        return release && isWanted(release) ? [{ key, date: release.dateCreated }] : []
      })
      const found = dates.flat().sort((a, b) => (a.date < b.date ? 1 : a.date > b.date ? -1 : 0))
      const releases = await mapLimit(found.slice(0, most), parallel, ({ key }) => readKey(key))
      return releases.filter(release => release !== undefined)
    },

    update: (version, change) =>
      turns.take(version, async () => {
        const release = change(await readKey(releaseKey(version)))
        if (release) await store.put(releaseKey(version), Buffer.from(`${JSON.stringify(release, null, 1)}\n`))
        return release
      }),

    remove: version =>
      turns.take(version, async () => {
        await store.delete(releaseKey(version))
        for await (const { key } of store.list(releaseFolder(version))) await store.delete(key)
      }),
  }
}
