import { mapLimit } from '../concurrency.ts'
import { pendingDestinations } from '../deliver/pending.ts'
import type { BlobRef, BuildRecord } from '../types.ts'
import { packKey } from './pack.ts'
import { readRecord, recordKeys } from './records.ts'
import type { Store } from './store.ts'

/** A pack this young may belong to a build that has not written its record yet. */
const graceMs = 60 * 60 * 1000

/**
 * Forgets the builds beyond the newest `retain`, and the packs that only they named. A build with a pending delivery
 * stays, and does not count. While any record cannot be read, no pack is deleted: it may be one of its own.
 */
export async function prune(store: Store, retain: number): Promise<void> {
  const keys = await recordKeys(store)
  const builds = await mapLimit(keys, 16, key => readRecord(store, key).catch(() => 'unreadable' as const))
  const kept = new Set<string>()
  let settled = 0
  for (const [at, build] of builds.entries()) {
    if (build === undefined || build === 'unreadable') continue
    if (pendingDestinations(build).length > 0 || settled++ < retain)
      blobsOf(build).forEach(blob => void kept.add(packKey(blob.pack)))
    else await store.delete(keys[at] as string)
  }
  await store.tidy?.()
  if (keys.length > 0 && !builds.includes('unreadable')) await sweep(store, kept)
}

function blobsOf(build: BuildRecord): BlobRef[] {
  return build.files.flatMap(file => (file.map ? [file.code, file.map] : [file.code]))
}

/** Deletes the packs that are not kept and older than the grace. Another build may prune at the same time. */
async function sweep(store: Store, kept: Set<string>): Promise<void> {
  for await (const { key, modified } of store.list('packs/')) {
    const isOld = modified.getTime() < Date.now() - graceMs
    if (isOld && !kept.has(key)) await store.delete(key)
  }
}
