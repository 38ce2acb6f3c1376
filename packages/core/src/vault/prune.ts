import { mapLimit } from '../concurrency.ts'
import { pendingDestinations } from '../deliver/pending.ts'
import { reason } from '../errors.ts'
import type { BuildRecord, IndexedBuild, PruneOptions } from '../types.ts'
import { commandPrefix } from './commands.ts'
import { compactIndex, recordsBetween } from './index/compact.ts'
import type { StoredIndex } from './index/index.ts'
import { uploadsApp } from './index/keys.ts'
import { isOpenerRunning } from './process.ts'
import { listAfter, readRecord, recordKey } from './records.ts'
import type { Store } from './store.ts'
import { isSweepDue, sweep } from './sweep.ts'

const parallel = 16
/** What was built so long before the builds that replace it may be deployed, however many of CI there were since. */
const youngMs = 7 * 24 * 60 * 60 * 1000

/** A record that could be read, without its files, which thousands of them would have in millions. */
interface StoredBuild {
  build: BuildRecord
  /** When it was last written, by the clock of the store. */
  modified(): Promise<number>
}

/**
 * Forgets the builds of each app beyond the newest `retain`, and the packs that only they named. While a record cannot be read
 * that is not in the index, no pack is deleted: it may be one of its own.
 *
 * Reads the records of apps with more builds than are kept, and of the others none. In a vault of many builds, packs are deleted
 * once a day, as all records are listed for it.
 *
 * @returns a warning for each thing that went wrong; never throws, as no data is lost
 */
export async function prune(
  store: Store,
  index: StoredIndex,
  retain: number,
  { caller, uploads = false }: PruneOptions = {},
): Promise<string[]> {
  const problems: string[] = []
  const attempt = (what: string, work: () => Promise<void>) =>
    work().catch(cause => void problems.push(problem(`${what}: ${reason(cause)}`)))
  await attempt('Old builds were not pruned', async () => {
    const view = await index.read()
    for (const rows of byApp(view.builds(), uploads).values()) {
      const builds = await readAll(store, await toRead(store, rows, { retain, uploads }), problems)
      const isOld = (stored: StoredBuild, kept: StoredBuild[]) =>
        uploads || isWeekOld(stored, caller === undefined ? [] : kept)
      const isSpared = (build: BuildRecord) => build.id === caller || isProtected(build, uploads)
      const forgotten = (await beyond(builds, retain, isOld)).filter(({ build }) => !isSpared(build))
      await mapLimit(forgotten, parallel, ({ build }) => store.delete(recordKey(build.id)))
    }
    await store.tidy?.()
    await compactIndex(store, view)
    if (!(await isSweepDue(store, view))) return
    await dropCommands(store)
    await attempt('No pack was pruned', () => sweep(store, view))
  })
  return problems
}

function byApp(builds: IndexedBuild[], uploads: boolean): Map<string, IndexedBuild[]> {
  const apps = new Map<string, IndexedBuild[]>()
  for (const build of builds) {
    if ((build.app === uploadsApp) !== uploads) continue
    const others = apps.get(build.app)
    if (others) others.push(build)
    else apps.set(build.app, [build])
  }
  return apps
}

/**
 * None, unless some beyond the newest `retain` are so old that they may be forgotten; else those, and the newest, as failed
 * builds and pending ones do not count.
 *
 * @param rows of one app, newest first
 */
async function toRead(
  store: Store,
  rows: IndexedBuild[],
  { retain, uploads }: { retain: number; uploads: boolean },
): Promise<IndexedBuild[]> {
  const isOld = ({ createdAt }: IndexedBuild) => uploads || Date.parse(createdAt) < Date.now() - youngMs
  const enough = Math.max(100, 4 * retain)
  const isRead = (row: IndexedBuild, index: number) => index < enough || isOld(row)
  const isBeyond = (some: IndexedBuild[]) => some.slice(retain).some(isOld)
  if (!isBeyond(rows)) return []
  const present = await withRecords(store, rows)
  return isBeyond(present) ? present.filter(isRead) : []
}

/** No command lasts so long. */
async function dropCommands(store: Store): Promise<void> {
  for await (const { key, modified } of store.list(commandPrefix))
    if (modified.getTime() < Date.now() - youngMs) await store.delete(key)
}

async function readAll(store: Store, rows: IndexedBuild[], problems: string[]): Promise<StoredBuild[]> {
  const builds = await mapLimit(rows, parallel, async ({ id }) => {
    const key = recordKey(id)
    try {
      const build = await readRecord(store, key)
      return build && { build: { ...build, files: [] }, modified: () => modifiedOf(store, key) }
    } catch (cause) {
      problems.push(problem(`A build was not pruned: ${reason(cause)}`))
      return undefined
    }
  })
  return builds.filter(build => build !== undefined)
}

/** Without those that were forgotten, and are in the index until it is merged: one list costs less than to try each. */
async function withRecords(store: Store, rows: IndexedBuild[]): Promise<IndexedBuild[]> {
  const present = await recordsBetween(store, rows)
  return rows.filter(({ id }) => present.has(id))
}

async function modifiedOf(store: Store, key: string): Promise<number> {
  for await (const stored of listAfter(store, 'builds/', key.slice(0, -1)))
    return stored.key === key ? stored.modified.getTime() : Date.now()
  return Date.now()
}

/**
 * Builds beyond the newest `retain` of their app. Those that failed count apart, so that they push out none that
 * finished. One with a pending delivery does not count, nor one of the future: a clock went back since, and by its own
 * clock it may be older than all others.
 */
async function beyond(
  builds: StoredBuild[],
  retain: number,
  isOld: (stored: StoredBuild, kept: StoredBuild[]) => boolean | Promise<boolean>,
): Promise<StoredBuild[]> {
  /** Of those that ended well, and of the others. */
  const newest: Record<'ended' | 'others', StoredBuild[]> = { ended: [], others: [] }
  const found: StoredBuild[] = []
  for (const stored of builds) {
    const { build } = stored
    if (pendingDestinations(build).length > 0 || createdAt(stored) > Date.now()) continue
    const kept = newest[build.state === undefined ? 'ended' : 'others']
    if (kept.length < retain) kept.push(stored)
    else if (await isOld(stored, kept)) found.push(stored)
  }
  return found
}

function isProtected(build: BuildRecord, uploads: boolean): boolean {
  const isUpload = build.projects !== undefined
  return isUpload !== uploads || (build.state === 'open' && isOpenerRunning(build))
}

/**
 * By the clock of the build and by that of the store: either may have been wrong.
 *
 * @param kept the builds that are kept instead. Where a build prunes, its week ends with the oldest of them, not now: after the
 *   clock has jumped ahead, all would be old at once
 */
async function isWeekOld(stored: StoredBuild, kept: StoredBuild[]): Promise<boolean> {
  const limit = Math.min(Date.now(), ...kept.map(createdAt)) - youngMs
  return createdAt(stored) < limit && (await stored.modified()) < limit
}

function createdAt({ build }: StoredBuild): number {
  return Date.parse(build.createdAt)
}

/** As all lines of ours begin; an error of ours inside it begins so too. */
function problem(text: string): string {
  return `[mapseal] [vault] ${text.replace(/\[mapseal\] \[[^\]]+\] /, '')}`
}
