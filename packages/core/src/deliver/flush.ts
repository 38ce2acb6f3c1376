import { reason } from '../errors.ts'
import type { BuildRecord, Vault } from '../types.ts'
import { type DeliverOptions, deliverBuild } from './deliver.ts'
import { pendingDestinations } from './pending.ts'

export interface FlushReport {
  /** Builds that had pending deliveries, oldest first, as their records are now. */
  builds: Pick<BuildRecord, 'id' | 'release' | 'deliveries'>[]
}

/**
 * Finishes the pending deliveries of every build in the vault, to those of the destinations that are given. The record
 * decides what is pending, so what another process has delivered meanwhile is not sent again.
 */
export async function flushVault(options: DeliverOptions): Promise<FlushReport> {
  const builds: FlushReport['builds'] = []
  const records = await options.vault.records((file, cause) => {
    options.logger.warn(`[mapseal] [flush] ${file} cannot be read and was passed over: ${reason(cause)}`)
  })
  for (const build of records.reverse()) {
    const pending = pendingDestinations(build)
    if (pending.length === 0) continue
    const destinations = options.destinations.filter(({ name }) => pending.includes(name))
    if (destinations.length > 0 && !options.signal.aborted) await deliverBuild(build, { ...options, destinations })
    const { id, release, deliveries } = build
    builds.push(release ? { id, release, deliveries } : { id, deliveries })
  }
  return { builds }
}

/**
 * Drops the pending deliveries to some destinations, such as those of a machine without a token. The maps stay until newer
 * builds push them out. An unreadable record stays as it is.
 *
 * @returns how many deliveries were dropped
 */
export async function forgetPending(vault: Vault, destinations: string[]): Promise<number> {
  let count = 0
  for (const build of await vault.records(() => {})) {
    const pending = pendingDestinations(build).filter(name => destinations.includes(name))
    if (pending.length === 0) continue
    const deliveries = Object.fromEntries(Object.entries(build.deliveries).filter(([name]) => !pending.includes(name)))
    await vault.record({ ...build, deliveries })
    count += pending.length
  }
  return count
}
