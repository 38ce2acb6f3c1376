import { randomBytes } from 'node:crypto'
import { type BuildRecord, readRecord, type Store, type Vault } from '@mapseal/core'

/**
 * Two servers that receive the same bundle in the same instant do not know of each other, and would make two builds, or one
 * with the projects of only one of them. So each first writes a claim (its ID and its projects), and once its build is
 * recorded reads all claims: the build with the smallest ID stays, with the projects of all. A server that writes reads once
 * more, and the last server to read sees everything that was recorded, so this needs no conditional writes.
 */
export interface Claim {
  /** To be called once the build is recorded. @returns the build that is kept */
  settle(build: BuildRecord): Promise<BuildRecord>
}

/** @param suffix of the IDs of all builds of this upload */
export async function claimBuild(store: Store, vault: Vault, suffix: string, claimed: Claimed): Promise<Claim> {
  // Under a prefix that is pruned by age.
  const prefix = `bundles/claims/${suffix.slice(1)}/`
  await store.put(`${prefix}${randomBytes(8).toString('hex')}.json`, Buffer.from(JSON.stringify(claimed)))

  async function read(): Promise<Claimed[]> {
    const claims: Claimed[] = []
    for await (const { key } of store.list(prefix)) {
      const bytes = await store.get(key)
      if (bytes) claims.push(JSON.parse(bytes.toString('utf8')) as Claimed)
    }
    return claims
  }

  return {
    async settle(build) {
      for (let own = build; ; ) {
        const claims = await read()
        const ids = [...new Set(claims.map(({ id }) => id))].sort()
        const records = await Promise.all(ids.map(id => (id === own.id ? own : readRecord(store, keyOf(id)))))
        const [first = own, ...others] = records.filter(record => record !== undefined)
        const kept = { ...first, projects: [...new Set(claims.flatMap(({ projects }) => projects))].sort() }
        const isNews = JSON.stringify(kept.projects) !== JSON.stringify(first.projects)
        if (isNews) await vault.record(kept)
        for (const { id } of others) await store.delete(keyOf(id))
        if (!isNews) return kept
        // The other server may have recorded its own, and deleted this one, before it was written again.
        own = kept
      }
    },
  }
}

export interface Claimed {
  /** The build's ID. */
  id: string
  /** All projects of the build that this server knows of. */
  projects: string[]
}

const keyOf = (id: string) => `builds/${id}.json`
