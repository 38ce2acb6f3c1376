import { createHash } from 'node:crypto'
import type { BuildRecord, FileRecord, Store, Vault } from '@mapseal/core'
import type { BuildIndex } from '../builds/index.ts'
import { claimBuild } from './claim.ts'
import { createTurns } from './turns.ts'

/** The release and the projects of an upload. */
export interface Association {
  projects: string[]
  release?: string
  dist?: string
  /** The start of the release as ISO 8601, if all servers know it. */
  since?: string
}

/**
 * Records an upload as a build. The same files for the same release are the same build, whichever server they came to; it
 * may only gain projects.
 *
 * @param content names the files: a digest of what was uploaded
 */
export type RecordBuild = (content: string, files: FileRecord[], association: Association) => Promise<BuildRecord>

export interface RecorderServices {
  store: Store
  vault: Vault
  builds: Pick<BuildIndex, 'upload' | 'note'>
}

export function createBuildRecorder({ store, vault, builds }: RecorderServices): RecordBuild {
  const turns = createTurns()

  return async (content, files, association) => {
    const { projects, release, dist } = association
    const key = createHash('sha256').update(JSON.stringify([content, release ?? null, dist ?? null]))
    const suffix = `-${key.digest('hex').slice(0, 16)}`
    return turns.take(suffix, async () => {
      const known = await builds.upload(suffix)
      const all = [...new Set([...(known?.projects ?? []), ...projects])].sort()
      if (known && all.length === known.projects?.length && JSON.stringify(known.files) === JSON.stringify(files))
        return known
      const createdAt = known?.createdAt ?? association.since ?? new Date().toISOString()
      const id = known?.id ?? `${createdAt.replace(/[-:.]/g, '')}${suffix}`
      // If all servers know the start, they take the same ID anyway.
      const claim = association.since ? undefined : await claimBuild(store, vault, suffix, { id, projects: all })
      const build: BuildRecord = {
        id,
        version: 1,
        createdAt,
        ...(release && { release: { name: release, ...(dist && { dist }), source: 'upload' } }),
        projects: all,
        files,
        deliveries: known?.deliveries ?? {},
      }
      await vault.record(build)
      const kept = (await claim?.settle(build)) ?? build
      builds.note(kept)
      return kept
    })
  }
}
