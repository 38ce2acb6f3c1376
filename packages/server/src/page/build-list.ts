import { type IndexedBuild, mapLimit, recordIdOf, recordKey, type Store, type Vault } from '@mapseal/core'
import type { BuildIndex } from '../builds/index.ts'
import { type BuildSummary, buildSummary } from './summaries.ts'

/** Builds as the page lists them. Their records, of hundreds of kB each, are read once and not held. */
export interface BuildList {
  /** The newest builds, newest first, and how many there are. */
  newest(most: number): Promise<{ total: number; builds: BuildSummary[] }>
  /** Summaries of the given builds, in their order, without those that are gone. */
  summaries(builds: IndexedBuild[]): Promise<BuildSummary[]>
}

interface Known {
  summary: BuildSummary
  /** The record's time, in ms. */
  modified: number
}

/** Records in memory at a time. */
const parallel = 4
const mostKnown = 1000
/**
 * A record that was written at least this long before it was read gets a time that differs by more than half of this when it
 * changes. Not every difference is a change: stores count in seconds, and what is known of their clocks changes.
 */
const settledMs = 60_000

export function createBuildList(store: Store, vault: Pick<Vault, 'find'>, builds: Pick<BuildIndex, 'list'>): BuildList {
  /** Summaries of settled records, least recently used first. */
  const known = new Map<string, Known>()

  // A file that is not a record, or is of a later version, is passed over.
  async function read(id: string): Promise<BuildSummary | undefined> {
    const build = await vault.find(id, () => {})
    return build && buildSummary(build)
  }

  async function readUnlessKnown(id: string, modified: number): Promise<BuildSummary | undefined> {
    const found = known.get(id)
    known.delete(id)
    if (found && Math.abs(found.modified - modified) < settledMs / 2) {
      known.set(id, found)
      return found.summary
    }
    const isSettled = modified < Date.now() - settledMs
    const summary = await read(id)
    if (summary && isSettled) known.set(id, { summary, modified })
    const [oldest] = known.keys()
    if (known.size > mostKnown && oldest !== undefined) known.delete(oldest)
    return summary
  }

  async function inSequence(builds: IndexedBuild[]): Promise<(BuildSummary | undefined)[]> {
    const [newest, oldest] = [builds[0], builds.at(-1)]
    if (!newest || !oldest) return []
    const times = await timesOf(store, oldest.id, newest.id)
    return mapLimit(builds, parallel, async ({ id }) => {
      const modified = times.get(id)
      return modified === undefined ? undefined : readUnlessKnown(id, modified)
    })
  }

  return {
    async summaries(builds) {
      return present(await mapLimit(builds, parallel, ({ id }) => read(id)))
    },
    async newest(most) {
      const all = await builds.list()
      const found: BuildSummary[] = []
      for (let at = 0; found.length < most && at < all.length; ) {
        const next = all.slice(at, at + most - found.length)
        at += next.length
        found.push(...present(await inSequence(next)))
      }
      // In the index are also those that were forgotten of late.
      return { total: found.length < most ? found.length : all.length, builds: found }
    },
  }
}

function present(summaries: (BuildSummary | undefined)[]): BuildSummary[] {
  return summaries.filter(summary => summary !== undefined)
}

/** When the records of the builds from one to another were written, in ms. */
async function timesOf(store: Store, oldest: string, newest: string): Promise<Map<string, number>> {
  const times = new Map<string, number>()
  // A key that is left out is the one to begin after.
  const before = recordKey(oldest).slice(0, -1)
  for await (const { key, modified } of store.list('builds/', before)) {
    const id = recordIdOf(key)
    if (id !== undefined && id > newest) break
    if (id !== undefined) times.set(id, modified.getTime())
  }
  return times
}
