import type { BuildRecord, Vault } from '../types.ts'
import { type DeliverOptions, deliverBuild } from './deliver.ts'
import { pendingDestinations } from './pending.ts'

export interface FlushReport {
  /** Builds that owed something, oldest first, as their records are now. */
  builds: Pick<BuildRecord, 'id' | 'release' | 'deliveries'>[]
}

/**
 * Finishes every unfinished delivery of every build in the vault to those of the destinations that it is owed to. A build
 * is delivered only by the record's word, so what another process has delivered meanwhile is not sent again.
 */
export async function flushVault(options: DeliverOptions): Promise<FlushReport> {
  const builds: FlushReport['builds'] = []
  const records = await options.vault.records((file, cause) => {
    options.logger.warn(`[mapseal] [flush] ${file} cannot be read and was passed over: ${String(cause)}`)
  })
  for (const build of records.reverse()) {
    const owed = pendingDestinations(build)
    if (owed.length === 0) continue
    const destinations = options.destinations.filter(({ name }) => owed.includes(name))
    if (destinations.length > 0 && !options.signal.aborted) await deliverBuild(build, { ...options, destinations })
    const { id, release, deliveries } = build
    builds.push(release ? { id, release, deliveries } : { id, deliveries })
  }
  return { builds }
}

/**
 * Gives up what the builds in the vault owe to destinations, as those of a machine without a token do: their maps stay until
 * newer builds push them out. An unreadable record stays as it is.
 *
 * @returns of how many deliveries
 */
export async function forgetPending(vault: Vault, destinations: string[]): Promise<number> {
  let count = 0
  for (const build of await vault.records(() => {})) {
    const owed = pendingDestinations(build).filter(name => destinations.includes(name))
    if (owed.length === 0) continue
    const deliveries = Object.fromEntries(Object.entries(build.deliveries).filter(([name]) => !owed.includes(name)))
    await vault.record({ ...build, deliveries })
    count += owed.length
  }
  return count
}
