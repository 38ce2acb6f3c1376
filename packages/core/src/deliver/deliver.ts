import { MapsealError, reason } from '../errors.ts'
import type { BuildRecord, Connect, Delivery, Destination, Fetch, Logger, Network, Vault } from '../types.ts'
import { amendRecord } from '../vault/amend.ts'
import { pendingDestinations } from './pending.ts'
import { createProgress } from './progress.ts'

export interface DeliverOptions {
  vault: Vault
  destinations: Destination[]
  logger: Logger
  fetch: Fetch
  signal: AbortSignal
  ca?: Network['ca']
  /** What is new since destinations acknowledged an earlier part of the build. @default all files */
  newFiles?: BuildRecord['files']
}

/**
 * Delivers a build from the vault to all destinations in parallel and writes each result into its record as it
 * arrives. Never throws for a destination's sake: the record holds its failure, and the pipeline decides what that means.
 * What was delivered before is not sent again.
 */
export async function deliverBuild(build: BuildRecord, options: DeliverOptions): Promise<void> {
  const unfinished = options.destinations.filter(
    ({ name, isSnippetOnly }) => !isSnippetOnly && build.deliveries[name]?.state !== 'delivered',
  )
  // A record is replaced whole, so two writes must not overtake each other.
  let written: Promise<unknown> = Promise.resolve()
  await Promise.all(
    unfinished.map(async destination => {
      const { name } = destination
      const delivery = await deliverTo(destination, build, options)
      build.deliveries[name] = delivery
      written = written.then(() => amendRecord(options.vault, build.id, record => withDelivery(record, name, delivery)))
      await written
    }),
  )
  const isCutOff = unfinished.some(({ name }) => build.deliveries[name]?.state === 'pending')
  if (isCutOff) options.logger.warn(`[mapseal] [deliver] ${reason(options.signal.reason)}`)
}

/** A failure changes nothing if the delivery was dropped meanwhile, or made by another process. */
function withDelivery(record: BuildRecord, name: string, delivery: Delivery): BuildRecord {
  if (delivery.state !== 'delivered' && !pendingDestinations(record).includes(name)) return record
  return { ...record, deliveries: { ...record.deliveries, [name]: delivery } }
}

async function deliverTo(
  destination: Destination,
  build: BuildRecord,
  { vault, newFiles, ...context }: DeliverOptions,
): Promise<Delivery> {
  const { earlier } = build.deliveries[destination.name] ?? {}
  const isAddition = earlier !== undefined && newFiles !== undefined
  const part = isAddition ? { ...build, files: newFiles } : build
  const progress = createProgress(destination.name, context.logger)
  try {
    const report = await destination.deliver(part, vault.artifacts(part), {
      ...context,
      isAddition,
      onProgress: progress.report,
    })
    const artifacts = report.artifacts + (isAddition ? earlier : 0)
    return { state: 'delivered', at: now(), ...report, artifacts }
  } catch (cause) {
    if (context.signal.aborted) return { state: 'pending', at: now(), message: 'Interrupted.' }
    // Callers that show it name the destination.
    return { state: 'failed', at: now(), message: reason(cause) }
  } finally {
    progress.end()
  }
}

export function pending(): Delivery {
  return { state: 'pending', at: now() }
}

function now(): string {
  return new Date().toISOString()
}

/**
 * A client that connects at the first request, so that a build which delivers nothing over HTTP loads no HTTP code, and
 * closes when `work` is done. SIGINT and SIGTERM abort what is under way, let the record be written, and then do what they
 * do without us.
 */
export async function withClient<Result>(
  connect: Connect | undefined,
  work: (fetch: Fetch, signal: AbortSignal) => Promise<Result>,
  network: Network = {},
): Promise<Result> {
  const controller = new AbortController()
  let client: ReturnType<Connect> | undefined
  let received: NodeJS.Signals | undefined
  const abort = (signal: NodeJS.Signals) => {
    received = signal
    controller.abort(new MapsealError('deliver', `Interrupted by ${signal}. Run \`npx mapseal flush\` to finish.`))
  }
  const fetch: Fetch = async (url, request) => {
    if (!connect)
      throw new MapsealError('deliver', 'There is no HTTP client here. Deliver with the plugin or the mapseal command.')
    client ??= connect(controller.signal, network)
    return (await client).fetch(url, request)
  }
  process.on('SIGINT', abort).on('SIGTERM', abort)
  try {
    return await work(fetch, controller.signal)
  } finally {
    process.off('SIGINT', abort).off('SIGTERM', abort)
    await (await client)?.close()
    if (received) process.kill(process.pid, received)
  }
}
