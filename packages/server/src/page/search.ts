import type { BuildRecord } from '@mapseal/core'
import type { EventGroup } from '../events/event-store.ts'
import type { BuildSummary, GroupSummary, ScriptSummary } from './summaries.ts'
import { buildSummary, groupSummary, scriptSummary } from './summaries.ts'

export interface SearchResult {
  /** Those whose release has the text in its name. */
  builds: BuildSummary[]
  /** Scripts with the text in their path, or whose debug ID begins with it. */
  files: (ScriptSummary & { build: BuildSummary })[]
  /** Errors with the text in their type or message. */
  groups: GroupSummary[]
}

/** Maximum number of results of each kind. */
const MOST = 20

/** @param text not empty; upper and lower case are alike */
export function searchFor(text: string, builds: BuildRecord[], groups: EventGroup[]): SearchResult {
  const wanted = text.toLowerCase()
  const holds = (value = '') => value.toLowerCase().includes(wanted)
  const bareId = wanted.replaceAll('-', '')
  const isId = /^[\da-f]{4,32}$/.test(bareId)
  const files: SearchResult['files'] = []
  for (const build of builds) {
    if (files.length === MOST) break
    const found = build.files.filter(
      ({ path, debugId }) => holds(path) || (isId && debugId.replaceAll('-', '').startsWith(bareId)),
    )
    for (const file of found.slice(0, MOST - files.length)) {
      files.push({ ...scriptSummary(file), build: buildSummary(build) })
    }
  }
  return {
    builds: builds
      .filter(({ id, release }) => holds(release?.name) || id.toLowerCase().startsWith(wanted))
      .slice(0, MOST)
      .map(buildSummary),
    files,
    groups: groups
      .map(groupSummary)
      .filter(({ type, value }) => holds(type) || holds(value))
      .slice(0, MOST),
  }
}
