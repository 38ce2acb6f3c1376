import { isUnavailable, reason } from '../errors.ts'
import type { BuildRecord, Vault } from '../types.ts'
import { amendRecord } from '../vault/amend.ts'
import { isOpenerRunning, openersOf } from '../vault/process.ts'
import { type DeliverOptions, deliverBuild } from './deliver.ts'
import type { Destination } from './destination.ts'
import { lackOf } from './lacking.ts'
import { pendingDestinations } from './pending.ts'

/** No build takes this long, so a process with its ID is a different one by now. */
const longestBuildMs = 24 * 60 * 60 * 1000

export interface FlushReport {
  /** Builds that had pending deliveries, oldest first, as their records are now. */
  builds: Pick<BuildRecord, 'id' | 'release' | 'deliveries'>[]
  /** IDs of builds that were skipped because their process is still running; absent if there are none. */
  running?: string[]
  /** Destinations to which nothing more was sent, since it would have failed likewise; absent if there are none. */
  stopped?: StoppedDestination[]
}

/** A destination that lacks credentials, refuses them, or cannot be reached. */
export interface StoppedDestination {
  destination: string
  message: string
  /** IDs of the builds that were not tried. */
  waiting: string[]
}

/**
 * Finishes the pending deliveries of every build in the vault, to those of the destinations that are given. Each record is
 * read again when its turn comes, so what another process has delivered meanwhile is not sent again. A destination that
 * cannot be reached, or refuses the credentials, is not tried with the builds that follow.
 */
export async function flushVault(options: DeliverOptions): Promise<FlushReport> {
  const { vault, logger, signal } = options
  const builds: FlushReport['builds'] = []
  const running: string[] = []
  const stopped = await withoutCredentials(options.destinations)
  const records = await vault.pending((file, cause) => {
    logger.warn(`[mapseal] [flush] ${file} cannot be read and was passed over: ${reason(cause)}`)
  })
  for (const { id } of records.reverse()) {
    const build = await vault.find(id)
    const pending = build ? pendingDestinations(build) : []
    if (!build || pending.length === 0) continue
    if (isStillRunning(build)) {
      logger.warn(`[mapseal] [flush] Build ${id} was passed over: ${processOf(build)} is still running.`)
      running.push(id)
      continue
    }
    const destinations = options.destinations.filter(({ name }) => pending.includes(name) && !stopped.has(name))
    for (const name of pending) stopped.get(name)?.waiting.push(id)
    if (destinations.length > 0 && !signal.aborted) {
      if (build.state) logger.warn(unfinishedLine(build))
      const causes = await deliverBuild(build, { ...options, destinations })
      for (const [destination, cause] of causes)
        if (isUnavailable(cause)) stopped.set(destination, { destination, message: reason(cause), waiting: [] })
    }
    const { release, deliveries } = build
    builds.push(release ? { id, release, deliveries } : { id, deliveries })
  }
  const ended = [...stopped.values()].filter(({ waiting }) => waiting.length > 0)
  return { builds, ...(running.length > 0 && { running }), ...(ended.length > 0 && { stopped: ended }) }
}

async function withoutCredentials(destinations: Destination[]): Promise<Map<string, StoppedDestination>> {
  const stopped = new Map<string, StoppedDestination>()
  for (const destination of destinations) {
    const { name } = destination
    const message = await lackOf(destination)
    if (message !== undefined) stopped.set(name, { destination: name, message, waiting: [] })
  }
  return stopped
}

function isStillRunning(build: BuildRecord): boolean {
  const isRecent = Date.now() - Date.parse(build.createdAt) < longestBuildMs
  return build.state === 'open' && isRecent && isOpenerRunning(build)
}

function unfinishedLine(build: BuildRecord): string {
  const why = build.state === 'failed' ? 'it failed' : `${processOf(build)} ended before it did`
  return `[mapseal] [flush] Build ${build.id} was not finished: ${why}. What it had stored by then is delivered.`
}

function processOf(build: BuildRecord): string {
  const names = openersOf(build)
  if (names.length === 0) return 'its process'
  return names.length > 1 ? `one of its processes (${names.join(', ')})` : `its process (${names[0]})`
}

/**
 * Drops the pending deliveries to some destinations, such as those of a machine without a token. The maps stay until newer
 * builds push them out. An unreadable record stays as it is.
 *
 * @returns how many deliveries were dropped
 */
export async function forgetPending(
  vault: Vault,
  destinations: string[],
  onUnreadable?: (file: string, cause: unknown) => void,
): Promise<number> {
  const droppedFrom = (build: BuildRecord) => pendingDestinations(build).filter(name => destinations.includes(name))
  let count = 0
  for (const build of await vault.pending(onUnreadable)) {
    if (droppedFrom(build).length === 0) continue
    const dropped = new Set<string>()
    await amendRecord(vault, build.id, record => {
      for (const name of droppedFrom(record)) dropped.add(name)
      const kept = Object.entries(record.deliveries).filter(([name]) => !dropped.has(name))
      return dropped.size > 0 ? { ...record, deliveries: Object.fromEntries(kept) } : record
    })
    count += dropped.size
  }
  return count
}
