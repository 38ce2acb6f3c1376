import { randomBytes } from 'node:crypto'
import { type BuildRecord, readRecord, type Store, type Vault } from '@mapseal/core'

/**
 * Two servers that are sent the same bundle in the same instant know nothing of each other, and would make two builds, or
 * one of the projects of either. So each first says which ID it will take and for what, and looks, once its build is
 * recorded, what others said: the build of the smallest ID stays, for the projects of all. Whoever looks last sees
 * everything that was recorded, so that this needs no conditional writes.
 */
export interface Claim {
  /** Once the build is recorded. @returns what is left */
  settle(build: BuildRecord): Promise<BuildRecord>
}

/** @param suffix of the IDs of all builds of this upload */
export async function claimBuild(store: Store, vault: Vault, suffix: string, claimed: Claimed): Promise<Claim> {
  // Below what is pruned by age.
  const prefix = `bundles/claims/${suffix.slice(1)}/`
  await store.put(`${prefix}${randomBytes(8).toString('hex')}.json`, Buffer.from(JSON.stringify(claimed)))

  return {
    async settle(build) {
      const claims: Claimed[] = []
      for await (const { key } of store.list(prefix)) {
        const bytes = await store.get(key)
        if (bytes) claims.push(JSON.parse(bytes.toString('utf8')) as Claimed)
      }
      const ids = [...new Set(claims.map(({ id }) => id))].sort()
      const records = await Promise.all(ids.map(id => (id === build.id ? build : readRecord(store, keyOf(id)))))
      const [first = build, ...others] = records.filter(record => record !== undefined)
      const kept = { ...first, projects: [...new Set(claims.flatMap(({ projects }) => projects))].sort() }
      const isNews = kept.id !== build.id || JSON.stringify(kept.projects) !== JSON.stringify(build.projects)
      if (isNews) await vault.record(kept)
      for (const { id } of others) await store.delete(keyOf(id))
      return kept
    },
  }
}

export interface Claimed {
  /** Of the build. */
  id: string
  /** All of its projects that the server knows of. */
  projects: string[]
}

const keyOf = (id: string) => `builds/${id}.json`
