import { normalizeDebugId } from '@mapseal/core'
import type { BuildIndex } from '../builds/index.ts'
import type { EventGroup } from '../events/event-store.ts'
import type { BuildSummary, GroupSummary, ScriptSummary } from './summaries.ts'
import { buildSummary, groupSummary, scriptSummary } from './summaries.ts'

export interface SearchResult {
  /** Those whose release has the text in its name. */
  builds: BuildSummary[]
  /** Scripts of the newest builds with the text in their path, or whose debug ID begins with it; and of all, by the whole ID. */
  files: (ScriptSummary & { build: BuildSummary })[]
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
  builds: Pick<BuildIndex, 'list' | 'builds' | 'holders' | 'find'>,
  groups: EventGroup[],
): Promise<SearchResult> {
  const wanted = text.toLowerCase()
  const holds = (value = '') => value.toLowerCase().includes(wanted)
  const bareId = wanted.replaceAll('-', '')
  const isId = /^[\da-f]{4,32}$/.test(bareId)
  const debugId = normalizeDebugId(text)
  const files: SearchResult['files'] = []
  for (const build of await (debugId === undefined ? builds.builds(MOST_BUILDS) : builds.holders(debugId))) {
    if (files.length === MOST) break
    const found = build.files.filter(
      ({ path, debugId }) => holds(path) || (isId && debugId.replaceAll('-', '').startsWith(bareId)),
    )
    for (const file of found.slice(0, MOST - files.length)) {
      files.push({ ...scriptSummary(file), build: buildSummary(build) })
    }
  }
  const named = (await builds.list()).filter(
    ({ id, release }) => holds(release?.name) || id.toLowerCase().startsWith(wanted),
  )
  const records = await Promise.all(named.slice(0, MOST).map(({ id }) => builds.find(id)))
  return {
    builds: records.filter(build => build !== undefined).map(buildSummary),
    files,
    groups: groups
      .map(groupSummary)
      .filter(({ type, value }) => holds(type) || holds(value))
      .slice(0, MOST),
  }
}
