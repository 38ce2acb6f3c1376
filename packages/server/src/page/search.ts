import { type FileRecord, normalizeDebugId } from '@mapseal/core'
import type { BuildIndex } from '../builds/index.ts'
import type { EventGroup } from '../events/event-store.ts'
import type { BuildList } from './build-list.ts'
import { type BuildSummary, type FoundScript, foundScripts, type GroupSummary, groupSummary } from './summaries.ts'

export interface SearchResult {
  /** Those whose release has the text in its name. */
  builds: BuildSummary[]
  /** Scripts of the newest builds with the text in their path, or whose debug ID begins with it; and of all, by the whole ID. */
  files: FoundScript[]
  /** Errors with the text in their type or message. */
  groups: GroupSummary[]
}

/** Maximum number of results of each kind. */
const MOST = 20

/** Builds whose files are searched for a part of a name. */
const MOST_BUILDS = 50

/** @param text not empty; upper and lower case are alike */
export async function searchFor(
  text: string,
  builds: Pick<BuildIndex, 'list' | 'records' | 'holders'>,
  list: Pick<BuildList, 'summaries'>,
  groups: EventGroup[],
): Promise<SearchResult> {
  const wanted = text.toLowerCase()
  const holds = (value = '') => value.toLowerCase().includes(wanted)
  const bareId = wanted.replaceAll('-', '')
  const isId = /^[\da-f]{4,32}$/.test(bareId)
  const debugId = normalizeDebugId(text)
  const files: SearchResult['files'] = []
  let left = MOST_BUILDS
  for await (const build of debugId === undefined ? builds.records() : builds.holders(debugId)) {
    const isWanted = ({ path, debugId }: FileRecord) =>
      holds(path) || (isId && debugId.replaceAll('-', '').startsWith(bareId))
    files.push(...foundScripts(build, isWanted).slice(0, MOST - files.length))
    if (files.length === MOST || --left === 0) break
  }
  const named = (await builds.list()).filter(
    ({ id, release }) => holds(release?.name) || id.toLowerCase().startsWith(wanted),
  )
  return {
    builds: await list.summaries(named.slice(0, MOST)),
    files,
    groups: groups
      .map(groupSummary)
      .filter(({ type, value }) => holds(type) || holds(value))
      .slice(0, MOST),
  }
}
