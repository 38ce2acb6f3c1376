import type { DeliveryContext, Deploy, Destination, ReleaseKeeping, ResolvedOptions } from '@mapseal/core'
import { detectRelease, loadConfig, MapsealError, reason, resolveOptions, withClient } from '@mapseal/core'
import { connectWith } from '../client.ts'
import type { Command, CommandInput } from '../command.ts'
import type { Io } from '../io.ts'
import { loggerTo } from '../logger.ts'
import { createPaint } from '../paint.ts'
import { type ReleaseWork, readCommits, readDeploy, readTime, readWork, releaseWords } from '../release-words.ts'
import { alignColumns } from '../table.ts'
import { vaultOptions } from '../vault.ts'
import { sealDirs } from './seal.ts'

/** A destination that keeps releases. */
type Keeper = Destination & { releases: ReleaseKeeping }

export const release: Command = {
  name: 'release',
  summary: 'Create, finalize or list releases at a destination that keeps them, in the words of sentry-cli',
  operand: { name: 'new|set-commits|finalize|list|files|deploys', isRequired: true, isMany: true },
  options: {
    org: { value: 'SLUG', short: 'o', description: 'the organization (default: from the config, else SENTRY_ORG)' },
    project: { value: 'SLUG', short: 'p', description: 'the project; may be repeated (default: SENTRY_PROJECT)' },
    'auth-token': { value: 'TOKEN', description: 'the token (default: SENTRY_AUTH_TOKEN)' },
    release: { value: 'NAME', short: 'r', description: 'the version, where it is not an argument' },
    url: { value: 'URL', short: 'u', description: 'a page about the release, or where a deploy runs' },
    finalize: { description: 'for new: finalize it, too' },
    released: { value: 'TIME', description: 'for finalize: when (default: now)' },
    auto: { description: 'for set-commits: find repository and commits; the default' },
    commit: { value: 'REPO@SHA', short: 'c', description: 'for set-commits: the commit, or REPO@PREVIOUS..SHA' },
    'ignore-missing': { description: 'for set-commits: do not fail if the previous commit is not in the history' },
    'ignore-empty': { description: 'for set-commits: do not warn if there are no commits' },
    env: { value: 'NAME', short: 'e', description: 'for deploys: the environment' },
    name: { value: 'NAME', short: 'n', description: 'for deploys: what to call the deploy' },
    started: { value: 'TIME', description: 'for deploys: when it began, in ISO 8601 or Unix seconds' },
    finished: { value: 'TIME', description: 'for deploys: when it ended (default: now)' },
    time: { value: 'SECONDS', short: 't', description: 'for deploys: how long it took' },
    dist: { value: 'NAME', short: 'd', description: 'for files: which build of the version this is' },
    'url-prefix': { value: 'PREFIX', description: 'for files: what stands before each path in URLs' },
    rewrite: { description: 'for files: the default, as for seal' },
    'no-rewrite': { description: 'for files: leave source maps as they are' },
    validate: { description: 'for files: accepted; maps are always validated' },
    wait: { description: 'for files: accepted; deliveries are always waited for' },
    ...vaultOptions,
  },
  examples: [
    'mapseal release new 1.4.0',
    'mapseal release set-commits 1.4.0 --auto',
    'mapseal release files 1.4.0 upload-sourcemaps dist --url-prefix "~/static/js"',
    'mapseal release finalize 1.4.0',
    'mapseal release deploys 1.4.0 new --env production',
  ],

  async run(input, io) {
    const work = readWork(input)
    // Before anything is sent, so that a wrong option ends with nothing done.
    const fields = work.action === 'deploy' ? readDeploy(input) : undefined
    const commits = work.action === 'set-commits' ? readCommits(input) : undefined
    const found = await findKeepers(input, io)
    const { options, keepers } = found
    if (work.action === 'upload-sourcemaps') return upload(work, input, io, found)
    const version = await versionOf(work, options, io)
    return withClient(
      connectWith(io, { isFlushed: false }),
      async (fetch, signal) => {
        const context = { fetch, signal, logger: loggerTo(io), ca: options.ca }
        return report(input, io, keepers, keeper => perform({ work, version, input, fields, commits, keeper, context }))
      },
      options,
    )
  },
}

/** Whether `mapseal releases` is followed by words of sentry-cli. */
export function isReleaseWork(args: string[]): boolean {
  const at = /^(?:-o|-p|--org|--project)$/.test(args[0] ?? '') ? 2 : 0
  return releaseWords.includes(args[at] ?? '')
}

interface Keepers {
  options: ResolvedOptions
  keepers: Keeper[]
}

/** The config's own destinations that keep releases; Sentry by its variables and files if there are none, or with options. */
async function findKeepers({ values }: CommandInput, io: Io): Promise<Keepers> {
  const options = resolveOptions(await loadConfig(io.cwd, values.config?.[0]), io.env)
  const keepers = options.destinations.filter(isKeeper)
  const { org, project, 'auth-token': token } = values
  if (keepers.length > 0 && !org && !project && !token) return { options, keepers }
  const { sentry } = await import('@mapseal/destinations/sentry')
  const own = {
    ...(org?.[0] && { org: org[0] }),
    ...(project && { project }),
    ...(token?.[0] && { authToken: token[0] }),
  }
  return { options, keepers: [sentry(own)].filter(isKeeper) }
}

function isKeeper(destination: Destination): destination is Keeper {
  return destination.releases !== undefined
}

async function versionOf({ action, version }: ReleaseWork, options: ResolvedOptions, io: Io): Promise<string> {
  if (version !== undefined || action === 'list') return version ?? ''
  const found = await detectRelease(options.release, io.cwd, io.env)
  if (found) return found.name
  throw new MapsealError(
    'release',
    'No release was found in the config, the environment or git. Name it: release new 1.4.0.',
  )
}

/** The maps are sealed, as `mapseal seal` does it, and found by the scripts' names too. */
function upload({ version, dirs }: ReleaseWork, input: CommandInput, io: Io, found: Keepers): Promise<number> {
  const { dist, url, vault, config, 'url-prefix': prefix = url } = input.values
  const given = { release: version && [version], dist, vault, config, 'url-prefix': prefix }
  const values = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  const others = found.options.destinations.filter(destination => !isKeeper(destination))
  const destinations = [...others, ...found.keepers]
  const named = {
    isJson: input.isJson,
    flags: new Set(input.flags.has('no-rewrite') ? [] : ['rewrite']),
    operands: dirs,
    values: values as Record<string, string[]>,
  }
  return sealDirs(named, io, { destinations })
}

interface Performance {
  work: ReleaseWork
  version: string
  input: CommandInput
  fields: Omit<Deploy, 'release'> | undefined
  commits: ReturnType<typeof readCommits> | undefined
  keeper: Keeper
  context: DeliveryContext
}

/** What was done, in a line, or what there is, in rows. */
type Done = string | Record<string, string>[]

async function perform({ work, version, input, fields, commits, keeper, context }: Performance): Promise<Done> {
  const { releases } = keeper
  const [url] = input.values.url ?? []
  const page = url === undefined ? {} : { url }
  switch (work.action) {
    case 'new': {
      const isFinal = input.flags.has('finalize')
      await releases.create(version, { ...page, isFinal }, context)
      return `release ${version} created${isFinal ? ' and finalized' : ''}`
    }
    case 'set-commits':
      return `${(commits && (await releases.setCommits(version, commits, context))) ?? 'no commits'} set for ${version}`
    case 'finalize': {
      const [released] = input.values.released ?? []
      const date = released === undefined ? {} : { date: readTime('released', released) }
      await releases.finalize(version, { ...page, ...date }, context)
      return `release ${version} finalized`
    }
    case 'list':
      return (await releases.list(context)).map(row => ({ ...row }))
    case 'files':
      return (await releases.files(version, context)).map(name => ({ name }))
    case 'deploys':
      return (await releases.deploys(version, context)).map(row => ({ ...row }))
    case 'deploy':
      if (fields) await keeper.deploy?.({ release: version, ...fields }, context)
      return `${version} deployed to ${fields?.environment}`
    case 'upload-sourcemaps':
      return '' // Sealed before a client was opened.
  }
}

async function report(
  { isJson }: CommandInput,
  io: Io,
  keepers: Keeper[],
  work: (keeper: Keeper) => Promise<Done>,
): Promise<number> {
  const paint = createPaint(io, io.stdout)
  const results: { destination: string; done?: Done; message?: string }[] = []
  for (const keeper of keepers) {
    const destination = keeper.name
    try {
      results.push({ destination, done: await work(keeper) })
    } catch (cause) {
      results.push({ destination, message: reason(cause) })
    }
  }
  if (isJson) io.stdout.write(`${JSON.stringify(results, null, 2)}\n`)
  for (const { destination, done, message } of isJson ? [] : results) {
    if (Array.isArray(done)) io.stdout.write(rowsOf(done, destination))
    else if (message === undefined) io.stdout.write(`${paint('green', '✓')} ${destination}: ${done}\n`)
    else io.stderr.write(`${paint('red', '✗')} ${destination}: ${message}\n`)
  }
  return results.some(({ message }) => message !== undefined) ? 1 : 0
}

function rowsOf(rows: Record<string, string>[], destination: string): string {
  if (rows.length === 0) return `Nothing at ${destination}.\n`
  return `${alignColumns(rows.map(row => Object.values(row))).join('\n')}\n`
}
