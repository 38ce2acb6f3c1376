import type { BuildRecord, FileRecord } from '@mapseal/core'
import { bare, stylePattern } from '@mapseal/core'

export interface BuildSummary {
  id: string
  createdAt: string
  release: BuildRecord['release'] | null
  commit: BuildRecord['commit'] | null
  state: 'finished' | 'open' | 'failed'
  /** The output folders. */
  outDirs: string[]
  files: number
  scripts: number
  /** Scripts whose stacks can be read. */
  decodable: number
  /** The size of code and source maps before compression, each counted once, in bytes. */
  size: number
  deliveries: BuildRecord['deliveries']
}

export function summarize({ id, createdAt, release, commit, state, files, deliveries }: BuildRecord): BuildSummary {
  const scripts = files.filter(isScript)
  const blobs = new Map(
    files.flatMap(({ code, map }) => [code, ...(map ? [map] : [])]).map(blob => [blob.sha256, blob]),
  )
  return {
    id,
    createdAt,
    release: release ?? null,
    commit: commit ?? null,
    state: state ?? 'finished',
    outDirs: [...new Set(files.map(({ outDir }) => outDir))],
    files: files.length,
    scripts: scripts.length,
    decodable: scripts.filter(file => file.problem === undefined).length,
    size: [...blobs.values()].reduce((sum, blob) => sum + blob.size, 0),
    deliveries,
  }
}

function isScript(file: FileRecord): boolean {
  return file.fate === 'inlined' || !stylePattern.test(bare(file.path))
}

export function formatSize(bytes: number): string {
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`
  return `${(bytes / 1e6).toFixed(1)} MB`
}

export function formatTime(iso: string): string {
  return iso.slice(0, 19).replace('T', ' ')
}

/** `3b2f1c9 · main · Round totals`: the commit as Git shows it, its branch and its subject. */
export function commitName({ sha, branch, subject }: NonNullable<BuildRecord['commit']>): string {
  return [sha.slice(0, 7), branch, subject].filter(Boolean).join(' · ')
}

export function releaseName(release: BuildRecord['release'] | null): string {
  return release ? [release.name, release.dist].filter(Boolean).join(' / ') : '-'
}
