import type { Delivery, Destination, FlushReport, StoppedDestination, Urls, Vault } from '@mapseal/core'
import {
  count,
  dryRunBuild,
  flushVault,
  forgetPending,
  loadConfig,
  openVault,
  pendingDestinations,
  resolveOptions,
  shownLocation,
  withClient,
} from '@mapseal/core'
import { connectWith } from '../client.ts'
import type { Command } from '../command.ts'
import type { Io } from '../io.ts'
import { loggerTo } from '../logger.ts'
import type { Paint } from '../paint.ts'
import { createPaint } from '../paint.ts'
import { nameUnreadable, requireBuilds, vaultOptions } from '../vault.ts'

/** A delivery that was pending when the command started. */
interface FlushedDelivery {
  build: string
  release: string | null
  destination: string
  isConfigured: boolean
  delivery: Delivery
}

export const flush: Command = {
  name: 'flush',
  summary: 'Finish every pending delivery of the builds in the vault, without a rebuild',
  options: {
    forget: {
      value: 'NAME',
      description: 'drop the pending deliveries to this destination instead of delivering; may be repeated',
    },
    'dry-run': { description: 'print the requests that would be made, and make none' },
    ...vaultOptions,
  },
  examples: ['mapseal flush', 'mapseal flush --vault ../builds/.mapseal', 'mapseal flush --forget sentry'],

  async run({ values, flags, isJson }, io) {
    const { destinations, ...options } = resolveOptions(await loadConfig(io.cwd, values.config?.[0]), io.env)
    const vault = openVault(values.vault?.[0] ?? options.vault, io.cwd, options)
    const pending = await pendingByBuild(vault)
    // A project that was never built has nothing pending; an empty vault that the user names is probably the wrong one.
    if (values.vault && pending.size === 0) await requireBuilds(vault, nameUnreadable(io))
    if (flags.has('dry-run')) return dryFlush(vault, destinations, options.urls, io)
    if (values.forget) return forget(vault, values.forget, isJson, io)
    const report = await withClient(
      connectWith(io),
      (fetch, signal) => flushVault({ ...options, vault, destinations, fetch, logger: loggerTo(io), signal }),
      options,
    )
    const configured = new Set(destinations.map(({ name }) => name))
    const deliveries = report.builds.flatMap(build => flushedOf(build, pending, configured))
    const left = deliveries.filter(({ delivery }) => delivery.state !== 'delivered').length
    const { running = [], stopped = [] } = report
    const isUntried = ({ build, destination }: FlushedDelivery) =>
      stopped.some(each => each.destination === destination && each.waiting.includes(build))

    if (isJson) {
      io.stdout.write(
        `${JSON.stringify({ vault: vault.location, deliveries, pending: left, running, stopped }, null, 2)}\n`,
      )
    } else {
      const paint = createPaint(io, io.stdout)
      const tried = deliveries.filter(flushed => !isUntried(flushed))
      for (const flushed of tried) io.stdout.write(`${lineOf(flushed, paint)}\n`)
      for (const each of stopped) io.stdout.write(`${stoppedLine(each, tried, paint)}\n`)
      io.stdout.write(lastLine(deliveries.length, left, running.length, shownLocation(vault.location, io.cwd)))
    }
    return left > 0 ? 1 : 0
  },
}

async function dryFlush(vault: Vault, destinations: Destination[], urls: Urls | undefined, io: Io): Promise<number> {
  const logger = loggerTo(io)
  for (const build of (await vault.pending()).reverse())
    await withClient(undefined, (_, signal) => dryRunBuild(build, { vault, destinations, urls, logger, signal }))
  return 0
}

async function forget(vault: Vault, names: string[], isJson: boolean, io: Io): Promise<number> {
  const forgotten = await forgetPending(vault, names, nameUnreadable(io))
  const place = shownLocation(vault.location, io.cwd)
  io.stdout.write(
    isJson
      ? `${JSON.stringify({ vault: vault.location, forgotten }, null, 2)}\n`
      : `${count(forgotten, 'delivery', 'deliveries')} dropped; nothing in ${place} is pending for ${names.join(', ')}.\n`,
  )
  return 0
}

/** Names of destinations by build; what was delivered before is not reported again. */
async function pendingByBuild(vault: Vault): Promise<Map<string, Set<string>>> {
  // The flush itself reads them again, and names those that cannot be read.
  const builds = await vault.pending(() => {})
  return new Map(builds.map(build => [build.id, new Set(pendingDestinations(build))]))
}

function flushedOf(
  { id, release, deliveries }: FlushReport['builds'][number],
  pending: Map<string, Set<string>>,
  configured: Set<string>,
): FlushedDelivery[] {
  return Object.entries(deliveries)
    .filter(([name, { state }]) => state !== 'delivered' || pending.get(id)?.has(name))
    .map(([destination, delivery]) => ({
      build: id,
      release: release?.name ?? null,
      destination,
      isConfigured: configured.has(destination),
      delivery,
    }))
}

function lineOf({ build, release, destination, isConfigured, delivery }: FlushedDelivery, paint: Paint): string {
  const subject = `${build}${release === null ? '' : ` (${release})`} ${destination}`
  const message = delivery.message ? `: ${delivery.message}` : ''
  if (delivery.state === 'delivered') {
    const artifacts = delivery.artifacts === undefined ? '' : `, artifacts there: ${delivery.artifacts}`
    return `${paint('green', '✓')} ${subject} delivered${artifacts}${message}`
  }
  if (isConfigured) return `${paint('red', '✗')} ${subject} ${delivery.state}${message}`
  const advice = `Add it under "destinations" in mapseal.config.{ts,js,mjs}: a bundler's config is not read here`
  return `${paint('red', '✗')} ${subject} pending, but no destination of this name is configured. ${advice}.`
}

/** How many builds wait for a destination; why, unless the line of the build that it failed with says so. */
function stoppedLine(
  { destination, message, waiting }: StoppedDestination,
  tried: FlushedDelivery[],
  paint: Paint,
): string {
  const isSaid = tried.some(flushed => flushed.destination === destination && flushed.delivery.message === message)
  const wait = `${count(waiting.length, isSaid ? 'more build waits' : 'build waits', isSaid ? 'more builds wait' : 'builds wait')} for ${destination}`
  return `${paint('red', '✗')} ${wait}${isSaid ? '' : `: ${message}`}`
}

function lastLine(deliveries: number, left: number, running: number, vault: string): string {
  if (deliveries === 0 && running > 0)
    return `Nothing to deliver yet: ${count(running, 'build')} in ${vault} still running.\n`
  if (deliveries === 0) return `The builds in ${vault} have no pending deliveries.\n`
  if (left === 0) return `Everything is delivered.\n`
  return `${left} of ${deliveries} not yet delivered; the source maps stay in ${vault}. Fix the problem above and run mapseal flush again.\n`
}
