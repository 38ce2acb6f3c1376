import type { Store } from '@mapseal/core'

/**
 * The outcome of assembling a bundle. No server waits for another, which may have been killed: it does the same work again,
 * with the same build as its result.
 */
export type BundleState =
  | { version: 1; state: 'ok'; at: string; build: string }
  | { version: 1; state: 'error'; at: string; detail: string }

const keyOf = (sha1: string) => `bundles/${sha1}.json`

export async function readBundleState(store: Store, sha1: string): Promise<BundleState | undefined> {
  const bytes = await store.get(keyOf(sha1))
  const state = bytes && (JSON.parse(bytes.toString('utf8')) as Partial<BundleState>)
  const isKnown = state?.version === 1 && ['ok', 'error'].includes(state.state ?? '')
  return isKnown ? (state as BundleState) : undefined
}

export async function writeBundleState(store: Store, sha1: string, state: BundleState): Promise<void> {
  await store.put(keyOf(sha1), Buffer.from(JSON.stringify(state)))
}

/** Deletes states and claims older than `maxAgeMs`. A bundle that is uploaded again then needs its chunks again. */
export async function pruneBundleStates(store: Store, maxAgeMs: number): Promise<void> {
  const limit = Date.now() - maxAgeMs
  for await (const { key, modified } of store.list('bundles/')) {
    if (modified.getTime() < limit) await store.delete(key)
  }
}
