import type { BuildRecord, FileRecord } from '@mapseal/core'
import type { EventGroup } from '../events/event-store.ts'
import { topFrame } from '../events/group.ts'

/** A build as the page lists it. */
export interface BuildSummary {
  id: string
  createdAt: string
  release?: { name: string; dist?: string }
  projects?: string[]
  scripts: number
  /** How many of them decode. */
  decoding: number
  /** Of the scripts, as shipped. */
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

export interface GroupSummary extends Omit<EventGroup, 'latest'> {
  type: string
  value: string
  level: string
  platform: string
  release?: string
  /** Innermost of the app. */
  place?: { file: string; line?: number; function?: string }
}

export function buildSummary({ id, createdAt, release, projects, files, deliveries }: BuildRecord): BuildSummary {
  const scripts = files.map(scriptSummary)
  return {
    id,
    createdAt,
    ...(release && { release: { name: release.name, ...(release.dist !== undefined && { dist: release.dist }) } }),
    ...(projects && { projects }),
    scripts: scripts.length,
    decoding: scripts.filter(({ problem }) => problem === undefined).length,
    bytes: scripts.reduce((sum, { bytes }) => sum + bytes, 0),
    deliveries: Object.entries(deliveries).map(([name, delivery]) => ({ name, ...delivery })),
  }
}

export function scriptSummary({ path, outDir, debugId, code, map, problem }: FileRecord): ScriptSummary {
  const why = problem ?? (map ? undefined : 'the vault holds no map of it')
  return {
    path,
    outDir,
    debugId,
    bytes: code.size,
    ...(map && { mapBytes: map.size }),
    ...(why !== undefined && { problem: why }),
  }
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
