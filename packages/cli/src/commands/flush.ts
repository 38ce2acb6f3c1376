import type { Delivery, FlushReport, Vault } from '@mapseal/core'
import {
  count,
  flushVault,
  forgetPending,
  openVault,
  pendingDestinations,
  resolveOptions,
  shownLocation,
  withClient,
} from '@mapseal/core'
import { connectWith } from '../client.ts'
import type { Command } from '../command.ts'
import { loadConfig } from '../config.ts'
import type { Io } from '../io.ts'
import { loggerTo } from '../logger.ts'
import type { Paint } from '../paint.ts'
import { createPaint } from '../paint.ts'
import { readBuilds, vaultOptions } from '../vault.ts'

/** A delivery that was owed when the command began. */
interface FlushedDelivery {
  build: string
  release: string | null
  destination: string
  isConfigured: boolean
  delivery: Delivery
}

export const flush: Command = {
  name: 'flush',
  summary: 'Finish every delivery that the builds in the vault still owe, without a rebuild',
  options: {
    forget: { value: 'NAME', description: 'give up what is owed to this destination, and deliver nothing' },
    ...vaultOptions,
  },
  examples: ['mapseal flush', 'mapseal flush --vault ../builds/.mapseal', 'mapseal flush --forget sentry'],

  async run({ values, isJson }, io) {
    const { destinations, ...options } = resolveOptions(await loadConfig(io.cwd, values.config?.[0]), io.env)
    const vault = openVault(values.vault?.[0] ?? options.vault, io.cwd, options)
    const owed = await owedDeliveries(vault)
    // A project that was never built owes nothing; a vault that somebody names and that is empty is another than they meant.
    if (values.vault && owed.size === 0) await readBuilds(vault, io)
    if (values.forget) return forget(vault, values.forget, isJson, io)
    const report = await withClient(
      connectWith(io),
      (fetch, signal) => flushVault({ vault, destinations, fetch, logger: loggerTo(io), signal, ca: options.ca }),
      options,
    )
    const configured = new Set(destinations.map(({ name }) => name))
    const deliveries = report.builds.flatMap(build => flushedOf(build, owed, configured))
    const left = deliveries.filter(({ delivery }) => delivery.state !== 'delivered').length

    if (isJson) {
      io.stdout.write(`${JSON.stringify({ vault: vault.location, deliveries, owed: left }, null, 2)}\n`)
    } else {
      const paint = createPaint(io, io.stdout)
      for (const flushed of deliveries) io.stdout.write(`${lineOf(flushed, paint)}\n`)
      io.stdout.write(lastLine(deliveries.length, left, shownLocation(vault.location, io.cwd)))
    }
    return left > 0 ? 1 : 0
  },
}

async function forget(vault: Vault, names: string[], isJson: boolean, io: Io): Promise<number> {
  const forgotten = await forgetPending(vault, names)
  const place = shownLocation(vault.location, io.cwd)
  io.stdout.write(
    isJson
      ? `${JSON.stringify({ vault: vault.location, forgotten }, null, 2)}\n`
      : `${count(forgotten, 'delivery', 'deliveries')} given up; the builds in ${place} owe nothing to ${names.join(', ')}.\n`,
  )
  return 0
}

/** Names of destinations by build; what was delivered before is not told again. */
async function owedDeliveries(vault: Vault): Promise<Map<string, Set<string>>> {
  // The flush itself reads all records and names those that cannot be read.
  const builds = await vault.records(() => {})
  return new Map(builds.map(build => [build.id, new Set(pendingDestinations(build))]))
}

function flushedOf(
  { id, release, deliveries }: FlushReport['builds'][number],
  owed: Map<string, Set<string>>,
  configured: Set<string>,
): FlushedDelivery[] {
  return Object.entries(deliveries)
    .filter(([name, { state }]) => state !== 'delivered' || owed.get(id)?.has(name))
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
  return `${paint('red', '✗')} ${subject} owed, but no destination of this name is configured. ${advice}.`
}

function lastLine(count: number, left: number, vault: string): string {
  if (count === 0) return `Nothing is owed by the builds in ${vault}.\n`
  if (left === 0) return `All is delivered; nothing is owed any more.\n`
  return `${left} of ${count} still owed; the source maps stay in ${vault}. Mend the cause and run mapseal flush again.\n`
}
