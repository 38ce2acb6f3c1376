import type { BuildRecord, Commit, FileRecord } from '@mapseal/core'
import type { EventGroup } from '../events/event-store.ts'
import { topFrame } from '../events/group.ts'
import type { ReleaseRecord } from '../uploads/release-store.ts'

/** A build as the page lists it. */
export interface BuildSummary {
  id: string
  createdAt: string
  release?: { name: string; dist?: string }
  commit?: Commit
  projects?: string[]
  scripts: number
  /** How many of the scripts decode. */
  decoding: number
  /** Size of the scripts as shipped. */
  bytes: number
  deliveries: { name: string; state: string; at: string; artifacts?: number; message?: string }[]
}

export interface ScriptSummary {
  path: string
  outDir: string
  debugId: string
  /** As shipped. */
  bytes: number
  mapBytes?: number
  /** Why it does not decode. */
  problem?: string
}

/** A script that was looked for, with the build that it is of. */
export type FoundScript = ScriptSummary & { build: BuildSummary }

/** What clients sent about a build's release. */
export interface ReleaseSummary {
  /** ISO 8601; absent while it is not finalized. */
  releasedAt?: string
  /** Newest first. */
  commits: { id: string; message: string; author?: string }[]
  /** How many there are. */
  commitCount: number
  /** Newest first. */
  deploys: { environment: string; name?: string; at: string }[]
}

export interface GroupSummary extends Omit<EventGroup, 'latest'> {
  type: string
  value: string
  level: string
  platform: string
  release?: string
  /** The app's innermost frame. */
  place?: { file: string; line?: number; function?: string }
}

export function buildSummary(build: BuildRecord): BuildSummary {
  const { id, createdAt, release, commit, projects, files, deliveries } = build
  const withProblem = files.filter(file => problemOf(file) !== undefined)
  return {
    id,
    createdAt,
    ...(release && { release: { name: release.name, ...(release.dist !== undefined && { dist: release.dist }) } }),
    ...(commit && { commit }),
    ...(projects && { projects }),
    scripts: files.length,
    decoding: files.length - withProblem.length,
    bytes: files.reduce((sum, { code }) => sum + code.size, 0),
    deliveries: Object.entries(deliveries).map(([name, { held: _, ...delivery }]) => ({ name, ...delivery })),
  }
}

const MOST_COMMITS = 10
const MOST_DEPLOYS = 10

export function releaseSummary({ dateReleased, commits, deploys }: ReleaseRecord): ReleaseSummary {
  const newest = [...deploys].sort((one, other) => (one.dateFinished < other.dateFinished ? 1 : -1))
  return {
    ...(dateReleased && { releasedAt: dateReleased }),
    commits: commits.slice(0, MOST_COMMITS).map(({ id, message = '', author_name: author }) => ({
      id,
      // The first line is the subject.
      message: message.split('\n', 1)[0] ?? '',
      ...(author && { author }),
    })),
    commitCount: commits.length,
    deploys: newest
      .slice(0, MOST_DEPLOYS)
      .map(({ environment, name, dateFinished: at }) => ({ environment, at, ...(name && { name }) })),
  }
}

export function scriptSummary(file: FileRecord): ScriptSummary {
  const { path, outDir, debugId, code, map } = file
  const problem = problemOf(file)
  return {
    path,
    outDir,
    debugId,
    bytes: code.size,
    ...(map && { mapBytes: map.size }),
    ...(problem !== undefined && { problem }),
  }
}

function problemOf({ problem, map }: FileRecord): string | undefined {
  return problem ?? (map ? undefined : 'the vault has no map of it')
}

export function foundScripts(build: BuildRecord, isWanted: (file: FileRecord) => boolean): FoundScript[] {
  const files = build.files.filter(isWanted)
  if (files.length === 0) return []
  const summary = buildSummary(build)
  return files.map(file => ({ ...scriptSummary(file), build: summary }))
}

export function groupSummary({ latest, ...group }: EventGroup): GroupSummary {
  const [thrown] = latest.exceptions
  const frame = topFrame(thrown?.frames ?? [])
  const { line, function: name } = frame?.original ?? frame?.generated ?? {}
  const file = frame?.original?.source ?? frame?.generated.file
  return {
    ...group,
    type: thrown?.type ?? 'Error',
    value: thrown?.value ?? '',
    level: latest.level,
    platform: latest.platform,
    ...(latest.release !== undefined && { release: latest.release }),
    ...(file !== undefined && { place: { file, ...(line && { line }), ...(name && { function: name }) } }),
  }
}
