import type { Store } from '@mapseal/core'
import type { TokenRecord } from './token.ts'
import { listTokenIds, readToken } from './tokens.ts'

/** Finds tokens by their ID, and asks the store as little as it can. */
export interface TokenLookup {
  /**
   * @param mayRead whether one read of the store may be spent on an ID that is not known to exist. Without it, a new token is
   *   found once the list of IDs is renewed
   */
  find(id: string, mayRead: boolean): Promise<TokenRecord | undefined>
}

const MOST_RECORDS = 1000

/** @param maxAge in ms; for this long at most a revoked token is found, and a new one may not be */
export function createTokenLookup(store: Store, maxAge: number): TokenLookup {
  /** Tokens that exist, kept apart: made-up IDs must not push them out. */
  const records = new Map<string, { record: TokenRecord; at: number }>()
  let listed: { ids: Promise<Set<string>>; at: number } | undefined

  /** One list for all guesses of the next seconds. */
  function knownIds(): Promise<Set<string>> {
    if (listed && Date.now() - listed.at < maxAge) return listed.ids
    const ids = listTokenIds(store).then(found => new Set(found))
    listed = { ids, at: Date.now() }
    ids.catch(() => {
      listed = undefined
    })
    return ids
  }

  return {
    async find(id, mayRead) {
      const known = records.get(id)
      if (known && Date.now() - known.at < maxAge) return known.record
      records.delete(id)
      if (!mayRead && !(await knownIds()).has(id)) return undefined
      const at = Date.now()
      const record = await readToken(store, id)
      if (!record) return undefined
      records.set(id, { record, at })
      const [oldest] = records.keys()
      if (records.size > MOST_RECORDS && oldest !== undefined) records.delete(oldest)
      return record
    },
  }
}
