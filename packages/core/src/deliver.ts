import { reason } from './errors.ts'
import type { BuildRecord, Delivery, Destination, Logger, Vault } from './types.ts'

/**
 * Delivers a build from the vault to all destinations in parallel and writes what each said into its record. Never
 * throws for a destination's sake: the record holds its failure, and the pipeline decides what that means.
 */
export async function deliverBuild(
  build: BuildRecord,
  vault: Vault,
  destinations: Destination[],
  logger: Logger,
  signal: AbortSignal = new AbortController().signal,
): Promise<void> {
  await Promise.all(
    destinations.map(async destination => {
      build.deliveries[destination.name] = await deliverTo(destination, build, vault, logger, signal)
    }),
  )
  await vault.record(build)
}

async function deliverTo(
  destination: Destination,
  build: BuildRecord,
  vault: Vault,
  logger: Logger,
  signal: AbortSignal,
): Promise<Delivery> {
  try {
    const report = await destination.deliver(build, vault.artifacts(build), { fetch, signal, logger })
    return { state: 'delivered', at: now(), ...report }
  } catch (cause) {
    return { state: 'failed', at: now(), message: reason(cause) }
  }
}

export function pending(): Delivery {
  return { state: 'pending', at: now() }
}

function now(): string {
  return new Date().toISOString()
}
