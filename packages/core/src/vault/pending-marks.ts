import { randomBytes } from 'node:crypto'
import { pendingDestinations } from '../deliver/pending.ts'
import type { BuildRecord } from '../types.ts'
import type { Store } from './store.ts'

/**
 * One empty object for each build with pending deliveries, so that they are found among thousands. A mark is written before the
 * record that has them and deleted after the one that has none. Its name is its writer's own, so nobody else's is deleted.
 */
const prefix = 'pending/'
/** A mark of a process that was killed; within this time it would have written the record. */
const abandonedMs = 24 * 60 * 60 * 1000

/** @returns the key of the mark */
export async function markPending(store: Store, id: string): Promise<string> {
  const key = `${prefix}${id}~${randomBytes(4).toString('hex')}`
  await store.put(key, Buffer.alloc(0))
  return key
}

/**
 * Records with a pending delivery, newest first.
 *
 * @param index knows those that older versions wrote, without marks
 */
export async function pendingRecords(
  store: Store,
  { pending }: { pending: string[] },
  read: (ids: string[]) => Promise<{ builds: BuildRecord[]; unreadable: Set<string> }>,
): Promise<BuildRecord[]> {
  const marks = await listMarks(store)
  const ids = [...new Set([...marks.keys(), ...pending])].sort().reverse()
  const { builds: found, unreadable } = await read(ids)
  const builds = found.filter(isPending)
  // What cannot be read now may be pending.
  const isStill = new Set([...builds.map(({ id }) => id), ...unreadable])
  for (const [id, old] of marks) if (!isStill.has(id)) await Promise.all(old.map(key => store.delete(key)))
  return builds
}

/** By the ID of their builds, the keys of marks that are old. */
async function listMarks(store: Store): Promise<Map<string, string[]>> {
  const marks = new Map<string, string[]>()
  for await (const { key, modified } of store.list(prefix)) {
    const id = /^pending\/(.+)~[\da-f]{8}$/.exec(key)?.[1]
    if (id === undefined) continue
    const old = marks.get(id) ?? []
    if (modified.getTime() < Date.now() - abandonedMs) old.push(key)
    marks.set(id, old)
  }
  return marks
}

export function isPending(build: BuildRecord): boolean {
  return pendingDestinations(build).length > 0
}
