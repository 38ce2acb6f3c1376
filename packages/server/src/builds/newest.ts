import type { Store } from '@mapseal/core'
import type { BuildIndex } from './index.ts'

/**
 * The store as packs need it. A new pack looks for the newest build, so as not to store again what that has; among thousands
 * of builds that is most of the time of an upload, and the index knows it.
 */
export function storeOfNewest(store: Store, builds: Pick<BuildIndex, 'builds'>): Store {
  return {
    ...store,
    async *list(prefix) {
      if (prefix !== 'builds/') return yield* store.list(prefix)
      const [newest] = await builds.builds()
      if (newest) yield { key: `builds/${newest.id}.json`, modified: new Date(newest.createdAt) }
    },
  }
}
