import type { Store } from '@mapseal/core'

/**
 * How assembling ended. That it has begun is noted as well, but no server waits for another, which may have been killed: it
 * does the same work again, and as both know when it was begun, to the same build.
 */
export type BundleState =
  | { version: 1; state: 'begun'; at: string }
  | { version: 1; state: 'ok'; at: string; build: string }
  | { version: 1; state: 'error'; at: string; detail: string }

const keyOf = (sha1: string) => `bundles/${sha1}.json`

export async function readBundleState(store: Store, sha1: string): Promise<BundleState | undefined> {
  const bytes = await store.get(keyOf(sha1))
  const state = bytes && (JSON.parse(bytes.toString('utf8')) as Partial<BundleState>)
  const isKnown = state?.version === 1 && ['begun', 'ok', 'error'].includes(state.state ?? '')
  return isKnown ? (state as BundleState) : undefined
}

export async function writeBundleState(store: Store, sha1: string, state: BundleState): Promise<void> {
  await store.put(keyOf(sha1), Buffer.from(JSON.stringify(state)))
}

/** @returns when it was begun, by whichever server */
export async function noteBegin(store: Store, sha1: string): Promise<string> {
  const known = await readBundleState(store, sha1)
  if (known?.state === 'begun') return known.at
  const at = new Date().toISOString()
  await writeBundleState(store, sha1, { version: 1, state: 'begun', at })
  return at
}

/** Forgets those older than `maxAgeMs`: of a bundle that comes again the chunks are asked for again. */
export async function pruneBundleStates(store: Store, maxAgeMs: number): Promise<void> {
  const limit = Date.now() - maxAgeMs
  for await (const { key, modified } of store.list('bundles/')) {
    if (modified.getTime() < limit) await store.delete(key)
  }
}
