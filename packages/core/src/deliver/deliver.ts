import { MapsealError, reason } from '../errors.ts'
import type { Connect, Fetch, Network } from '../http/types.ts'
import type { BuildRecord, Delivery, Logger, Recent, Vault } from '../types.ts'
import { amendRecord } from '../vault/amend.ts'
import { createRecent } from '../vault/recent.ts'
import { missingFrom } from '../vault/records.ts'
import type { DeliveryContext, Destination } from './destination.ts'
import { artifactKey, lackingFiles } from './held.ts'
import { pendingDestinations } from './pending.ts'
import { createProgress } from './progress.ts'
import { type Urls, urlsContext } from './urls.ts'

export interface DeliverOptions {
  vault: Vault
  destinations: Destination[]
  logger: Logger
  fetch: Fetch
  signal: AbortSignal
  ca?: Network['ca']
  /** The option of this name. */
  urls?: Urls | undefined
  /** By a destination's name: files of the build that it has, of an earlier part. @default none */
  delivered?: Map<string, BuildRecord['files']>
}

/** Files of all destinations that are in memory at a time, on their way. */
const mostParallel = 8

/** What they may take, in bytes: of larger files there are fewer. */
const mostBytes = 64 * 2 ** 20

/** Destinations that are about as fast as one another send the same files at about the same time. In bytes. */
const recentBytes = 8 * 2 ** 20

/**
 * Delivers a build from the vault to all destinations in parallel and writes each result into its record as it
 * arrives. Never throws for a destination's sake: the record holds its failure, and the pipeline decides what that means.
 * What was delivered before is not sent again.
 *
 * @returns what destinations threw, by their names
 */
export async function deliverBuild(build: BuildRecord, options: DeliverOptions): Promise<Map<string, unknown>> {
  const causes = new Map<string, unknown>()
  const unfinished = options.destinations.filter(
    ({ name, isSnippetOnly }) => !isSnippetOnly && build.deliveries[name]?.state !== 'delivered',
  )
  // None waits for another, and all together hold no more in memory than one alone.
  const files = Math.min(mostParallel, mostBytes / largestOf(build))
  const parallel = Math.max(1, Math.floor(files / Math.max(1, unfinished.length)))
  const recent = unfinished.length > 1 ? createRecent(recentBytes) : undefined
  // A record is replaced whole, so two writes must not overtake each other.
  let written: Promise<unknown> = Promise.resolve()
  const sent = build.files
  await Promise.all(
    unfinished.map(async destination => {
      const { name } = destination
      const delivery = await deliverTo(destination, build, { ...options, parallel, recent }, cause =>
        causes.set(name, cause),
      )
      build.deliveries[name] = delivery
      written = written.then(() =>
        amendRecord(options.vault, build.id, record => withDelivery(record, name, delivery, sent)),
      )
      await written
    }),
  )
  const isCutOff = unfinished.some(({ name }) => build.deliveries[name]?.state === 'pending')
  if (isCutOff)
    options.logger.warn(`[mapseal] [deliver] ${reason(options.signal.reason)} Run \`npx mapseal flush\` to finish.`)
  return causes
}

/** In bytes, of a script with its map. */
function largestOf({ files }: BuildRecord): number {
  return files.reduce((largest, { code, map }) => Math.max(largest, code.size + (map?.size ?? 0)), 1)
}

/**
 * A failure changes nothing if the delivery was dropped meanwhile, or made by another process. Files that another process has
 * added since are pending.
 *
 * @param sent what the destination has now
 */
function withDelivery(record: BuildRecord, name: string, delivery: Delivery, sent: BuildRecord['files']): BuildRecord {
  const isPending = pendingDestinations(record).includes(name)
  if (delivery.state !== 'delivered' && !isPending) return record
  const isAll = missingFrom(sent, record.files).length === 0
  if (!isAll && !isPending) return record
  const { at, artifacts = 0 } = delivery
  const now: Delivery =
    isAll || delivery.state !== 'delivered' ? delivery : { state: 'pending', at, earlier: artifacts }
  return { ...record, deliveries: { ...record.deliveries, [name]: now } }
}

async function deliverTo(
  destination: Destination,
  build: BuildRecord,
  {
    vault,
    delivered,
    urls,
    recent,
    ...context
  }: DeliverOptions & Pick<DeliveryContext, 'parallel'> & { recent: Recent | undefined },
  onFailure: (cause: unknown) => void,
): Promise<Delivery> {
  const { earlier, held: heldBefore = [] } = build.deliveries[destination.name] ?? {}
  const had = delivered?.get(destination.name)
  const isAddition = earlier !== undefined && had !== undefined
  const files = isAddition ? missingFrom(had, build.files) : build.files
  const part = { ...build, files: lackingFiles(files, heldBefore) }
  const held = new Set(heldBefore)
  const progress = createProgress(destination.name, context.logger)
  try {
    const report = await destination.deliver(part, vault.artifacts(part, recent), {
      ...context,
      isAddition,
      ...urlsContext(urls),
      onProgress: progress.report,
      onHeld: artifact => void held.add(artifactKey(artifact)),
    })
    const artifacts = report.artifacts + heldBefore.length + (isAddition ? earlier : 0)
    return { state: 'delivered', at: now(), ...report, artifacts }
  } catch (cause) {
    const rest = { ...(earlier !== undefined && { earlier }), ...(held.size > 0 && { held: [...held] }) }
    if (context.signal.aborted) return { state: 'pending', at: now(), ...rest, message: 'Interrupted.' }
    onFailure(cause)
    // Callers that show it name the destination.
    return { state: 'failed', at: now(), ...rest, message: reason(cause) }
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
  { ca, allowInsecure }: Network = {},
): Promise<Result> {
  const network: Network = { ...(ca !== undefined && { ca }), ...(allowInsecure !== undefined && { allowInsecure }) }
  const controller = new AbortController()
  let client: ReturnType<Connect> | undefined
  let received: NodeJS.Signals | undefined
  const abort = (signal: NodeJS.Signals) => {
    received = signal
    controller.abort(new MapsealError('deliver', `Interrupted by ${signal}.`))
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
