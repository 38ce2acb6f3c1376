import { MapsealError, type Store } from '@mapseal/core'
import type { Access } from '../http/route.ts'
import { mintToken, parseTokenRecord, type TokenRecord } from './token.ts'

const prefix = 'tokens/'
const keyOf = (id: string) => `${prefix}${id}.json`

/** @returns the token itself, which is not stored */
export async function createToken(
  store: Store,
  access: Access,
  name?: string,
): Promise<{ token: string; record: TokenRecord }> {
  const minted = mintToken(access, name)
  await store.put(keyOf(minted.record.id), Buffer.from(`${JSON.stringify(minted.record, null, 1)}\n`))
  return minted
}

/** Oldest first. */
export async function listTokens(store: Store): Promise<TokenRecord[]> {
  const records: TokenRecord[] = []
  for (const id of await listTokenIds(store)) {
    const record = await readToken(store, id)
    if (record) records.push(record)
  }
  return records.sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1))
}

export async function listTokenIds(store: Store): Promise<string[]> {
  const ids: string[] = []
  for await (const { key } of store.list(prefix)) ids.push(key.slice(prefix.length, -'.json'.length))
  return ids
}

/** @throws MapsealError if there is no token with this ID */
export async function revokeToken(store: Store, id: string): Promise<void> {
  const isId = /^[0-9a-f]{12}$/.test(id)
  if (!isId || !(await store.has(keyOf(id)))) {
    throw new MapsealError(
      'server',
      `There is no token "${id.slice(0, 12)}". List them with "mapseal serve token list".`,
    )
  }
  await store.delete(keyOf(id))
}

export async function readToken(store: Store, id: string): Promise<TokenRecord | undefined> {
  const bytes = await store.get(keyOf(id))
  return bytes && parseTokenRecord(bytes.toString('utf8'))
}

export async function hasTokens(store: Store): Promise<boolean> {
  for await (const _ of store.list(prefix)) return true
  return false
}
