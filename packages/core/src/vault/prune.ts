import { mapLimit } from '../concurrency.ts'
import { pendingDestinations } from '../deliver/pending.ts'
import { reason } from '../errors.ts'
import type { BuildRecord, PruneOptions } from '../types.ts'
import { commandPrefix } from './commands.ts'
import { packKey } from './pack-key.ts'
import { isOpenerRunning } from './process.ts'
import { listRecords, readRecord } from './records.ts'
import type { Store, StoredKey } from './store.ts'

/** A pack this young may belong to a build that has not written its record yet. */
const graceMs = 60 * 60 * 1000
/** What was built so long before the builds that replace it may be deployed, however many of CI there were since. */
const youngMs = 7 * 24 * 60 * 60 * 1000

/** A record that could be read, as it is stored. */
type StoredBuild = StoredKey & { build: BuildRecord }

/**
 * Forgets the builds of each app beyond the newest `retain`, and the packs that only they named. While any record cannot
 * be read, no pack is deleted: it may be one of its own.
 *
 * @returns a warning for each thing that went wrong; never throws, as no data is lost
 */
export async function prune(
  store: Store,
  retain: number,
  { caller, uploads = false }: PruneOptions = {},
): Promise<string[]> {
  const problems: string[] = []
  try {
    const stored = await listRecords(store)
    const builds = await readAll(store, stored, problems)
    const isSpared = (stored: StoredBuild) => stored.build.id === caller || isProtected(stored.build, uploads)
    const isOld = (stored: StoredBuild, kept: StoredBuild[]) =>
      uploads || isWeekOld(stored, caller === undefined ? [] : kept)
    const forgotten = new Set(beyond(builds, retain, isOld).filter(build => !isSpared(build)))
    for (const { key } of forgotten) await store.delete(key)
    if (builds.some(({ build }) => build.command)) await dropCommands(store)
    await store.tidy?.()
    const kept = builds.filter(build => !forgotten.has(build)).flatMap(({ build }) => packsOf(build))
    if (stored.length > 0 && problems.length === 0) await sweep(store, new Set(kept))
  } catch (cause) {
    problems.push(problem(`Old builds were not pruned: ${reason(cause)}`))
  }
  return problems
}

/** No command lasts so long. */
async function dropCommands(store: Store): Promise<void> {
  for await (const { key, modified } of store.list(commandPrefix))
    if (modified.getTime() < Date.now() - youngMs) await store.delete(key)
}

async function readAll(store: Store, stored: StoredKey[], problems: string[]): Promise<StoredBuild[]> {
  const builds = await mapLimit(stored, 16, async record => {
    try {
      const build = await readRecord(store, record.key)
      return build && { ...record, build }
    } catch (cause) {
      problems.push(problem(`No pack was pruned: ${reason(cause)}`))
      return undefined
    }
  })
  return builds.filter(build => build !== undefined)
}

/**
 * Builds beyond the newest `retain` of their app. Those that failed count apart, so that they push out none that
 * finished. One with a pending delivery does not count, nor one of the future: a clock went back since, and by its own
 * clock it may be older than all others.
 */
function beyond(
  builds: StoredBuild[],
  retain: number,
  isOld: (stored: StoredBuild, kept: StoredBuild[]) => boolean,
): StoredBuild[] {
  const newest = new Map<string, StoredBuild[]>()
  return builds.filter(stored => {
    const { build } = stored
    if (pendingDestinations(build).length > 0 || createdAt(stored) > Date.now()) return false
    const app = appOf(build)
    const kept = newest.get(app) ?? []
    newest.set(app, kept)
    if (kept.length >= retain) return isOld(stored, kept)
    kept.push(stored)
    return false
  })
}

/** A project and the folders that it was built into. Uploads are all of one: their folders are made up. */
function appOf({ project, projects, state, files }: BuildRecord): string {
  const folders = new Set(files.map(({ outDir }) => outDir))
  return JSON.stringify(projects ? 'uploads' : [project, [...folders].sort(), state !== undefined])
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
function isWeekOld(stored: StoredBuild, kept: StoredBuild[]): boolean {
  const limit = Math.min(Date.now(), ...kept.map(createdAt)) - youngMs
  return createdAt(stored) < limit && stored.modified.getTime() < limit
}

function createdAt({ build }: StoredBuild): number {
  return Date.parse(build.createdAt)
}

function packsOf({ files }: BuildRecord): string[] {
  return files.flatMap(({ code, map }) => (map ? [code, map] : [code])).map(({ pack }) => packKey(pack))
}

/** Deletes the packs that are not kept and older than the grace. Another build may prune at the same time. */
async function sweep(store: Store, kept: Set<string>): Promise<void> {
  for await (const { key, modified } of store.list('packs/')) {
    const isOld = modified.getTime() < Date.now() - graceMs
    if (isOld && !kept.has(key)) await store.delete(key)
  }
}

/** As all lines of ours begin; an error of ours inside it begins so too. */
function problem(text: string): string {
  return `[mapseal] [vault] ${text.replace(/\[mapseal\] \[[^\]]+\] /, '')}`
}
