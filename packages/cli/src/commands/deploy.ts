import type { Deploy, Destination, Fetch, ResolvedOptions } from '@mapseal/core'
import { detectRelease, loadConfig, MapsealError, reason, resolveOptions, withClient } from '@mapseal/core'
import { connectWith } from '../client.ts'
import type { Command, CommandInput } from '../command.ts'
import { UsageError } from '../errors.ts'
import type { Io } from '../io.ts'
import { loggerTo } from '../logger.ts'
import type { Paint } from '../paint.ts'
import { createPaint } from '../paint.ts'
import { vaultOptions } from '../vault.ts'

/** What became of the deploy at one destination; `'unsupported'` where the vendor keeps none. */
interface DeployResult {
  destination: string
  state: 'marked' | 'failed' | 'unsupported'
  /** Why it failed. */
  message?: string
}

export const deploy: Command = {
  name: 'deploy',
  summary: 'Record a deploy at every destination that keeps deploys; run it after the rollout',
  options: {
    env: { value: 'NAME', description: 'the environment, such as production; required' },
    release: { value: 'NAME', description: 'the version that was rolled out (default: that of the plugin)' },
    started: { value: 'TIME', description: 'when the rollout started, in ISO 8601' },
    finished: { value: 'TIME', description: 'when the rollout ended, in ISO 8601 (default: now)' },
    name: { value: 'NAME', description: 'a name for the deploy' },
    url: { value: 'URL', description: 'where it runs, or a page about it' },
    config: vaultOptions.config,
  },
  examples: [
    'mapseal deploy --env production',
    'mapseal deploy --env staging --release 1.4.0 --url https://shop.example',
  ],

  async run(input, io) {
    const fields = readFields(input)
    const options = resolveOptions(await loadConfig(io.cwd, input.values.config?.[0]), io.env)
    requireDestinations(options.destinations)
    const rollout: Deploy = { release: await releaseOf(input, options, io), ...fields }
    const mark = (fetch: Fetch, signal: AbortSignal) => {
      const context = { fetch, signal, logger: loggerTo(io), ca: options.ca }
      return Promise.all(options.destinations.map(destination => markAt(destination, rollout, context)))
    }
    const results = await withClient(connectWith(io, { isFlushed: false }), mark, options)
    if (input.isJson) io.stdout.write(`${JSON.stringify({ ...rollout, destinations: results }, null, 2)}\n`)
    else for (const result of results) io.stdout.write(`${lineOf(result, rollout, createPaint(io, io.stdout))}\n`)
    const isMarked = results.some(({ state }) => state === 'marked')
    return isMarked && results.every(({ state }) => state !== 'failed') ? 0 : 1
  },
}

function readFields({ values }: CommandInput): Omit<Deploy, 'release'> {
  const [environment] = values.env ?? []
  if (environment === undefined)
    throw new UsageError('--env is missing: --env production. Try "mapseal deploy --help".')
  const fields: Omit<Deploy, 'release'> = { environment }
  for (const field of ['name', 'url', 'started', 'finished'] as const) {
    const [text] = values[field] ?? []
    if (text === undefined) continue
    fields[field] = field === 'started' || field === 'finished' ? readTime(field, text) : text
  }
  if (fields.started && fields.finished && fields.finished < fields.started)
    throw new UsageError('--finished is before --started.')
  return fields
}

/** To one form, so that every vendor takes it. */
function readTime(option: string, text: string): string {
  const date = new Date(text)
  if (/^\d{4}-\d\d-\d\d(?:T.+)?$/.test(text) && !Number.isNaN(date.getTime())) return date.toISOString()
  throw new UsageError(`--${option} takes an ISO 8601 time, such as 2026-11-21T10:15:00Z, not "${text}".`)
}

async function releaseOf({ values }: CommandInput, options: ResolvedOptions, io: Io): Promise<string> {
  const [name] = values.release ?? []
  const release = name === undefined ? await detectRelease(options.release, io.cwd, io.env) : { name }
  if (release) return release.name
  throw new MapsealError(
    'deploy',
    'No release was found: none in the config, in the environment or by git. Name it with --release.',
  )
}

function requireDestinations(destinations: Destination[]): void {
  if (destinations.length > 0) return
  throw new MapsealError(
    'deploy',
    'No destination is configured. List them under "destinations" in mapseal.config.{ts,js,mjs}, or name that file with --config.',
  )
}

async function markAt(
  destination: Destination,
  rollout: Deploy,
  context: Parameters<NonNullable<Destination['deploy']>>[1],
): Promise<DeployResult> {
  const { name } = destination
  if (!destination.deploy) return { destination: name, state: 'unsupported' }
  try {
    await destination.deploy(rollout, context)
    return { destination: name, state: 'marked' }
  } catch (cause) {
    return { destination: name, state: 'failed', message: reason(cause) }
  }
}

function lineOf({ destination, state, message }: DeployResult, { release, environment }: Deploy, paint: Paint): string {
  switch (state) {
    case 'marked':
      return `${paint('green', '✓')} ${destination}: ${release} deployed to ${environment}`
    case 'failed':
      return `${paint('red', '✗')} ${destination}: ${message}`
    case 'unsupported':
      return `- ${destination} keeps no deploys`
  }
}
