import type { BuildRecord, IndexedBuild, Vault } from '@mapseal/core'
import { MapsealError, mapLimit } from '@mapseal/core'
import type { BuildSummary } from '../build-summary.ts'
import { commitName, formatSize, formatTime, releaseName, summarize } from '../build-summary.ts'
import type { Command, CommandInput } from '../command.ts'
import { UsageError } from '../errors.ts'
import type { Io } from '../io.ts'
import { createPaint } from '../paint.ts'
import { alignColumns } from '../table.ts'
import { findVault, nameUnreadable, noBuild, readBuilds, vaultOptions } from '../vault.ts'

/** For people. */
const stateNames = { finished: 'finished', open: 'not finished', failed: 'not finished: failed' }

export const releases: Command = {
  name: 'releases',
  summary: 'List the builds in the vault, newest first; show or delete one',
  operand: { name: 'show|delete', isRequired: false, isMany: true },
  options: { limit: { value: 'NUMBER', description: 'list only the newest' }, ...vaultOptions },
  examples: ['mapseal releases --limit 20', 'mapseal releases show 1.4.0', 'mapseal releases delete 1.4.0'],

  async run(input, io) {
    const [action, name, ...rest] = input.operands
    if (action !== undefined && action !== 'show' && action !== 'delete') {
      throw new UsageError(`There is no "${action}" of builds: show or delete. Try "mapseal releases --help".`)
    }
    if (rest[0] !== undefined) throw new UsageError(`Unexpected argument "${rest[0]}". Try "mapseal releases --help".`)
    if (action !== undefined && name === undefined) {
      throw new UsageError(`The build is missing: mapseal releases ${action} BUILD, or the name of its release.`)
    }
    const most = readLimit(input)
    const vault = await findVault(input, io)
    if (action === undefined || name === undefined) {
      const { builds, count } = await newestBuilds(vault, most, io)
      return list(builds, count, input, io)
    }
    const build = await findBuild(vault, name, io)
    return action === 'show' ? show(build, input, io) : remove(vault, build, input, io)
  },
}

function readLimit({ values }: CommandInput): number | undefined {
  const [limit] = values.limit ?? []
  if (limit === undefined || /^[1-9]\d{0,5}$/.test(limit)) return limit === undefined ? undefined : Number(limit)
  throw new UsageError(`--limit takes a number from 1 to 999999, not "${limit}".`)
}

/** The newest `most`, or all, and how many there are. @throws MapsealError if there are none */
async function newestBuilds(
  vault: Vault,
  most: number | undefined,
  io: Io,
): Promise<{ builds: BuildRecord[]; count: number }> {
  if (most === undefined) {
    const builds = await readBuilds(vault, io)
    return { builds, count: builds.length }
  }
  const indexed = (await vault.index(nameUnreadable(io))).builds()
  const { builds, read } = await readSome(vault, indexed, most, io)
  if (builds.length === 0) throw noBuild(vault.location)
  return { builds, count: indexed.length - read + builds.length }
}

/** The records of the first `most` that there are, and how many were tried. */
async function readSome(
  vault: Vault,
  indexed: IndexedBuild[],
  most: number,
  io: Io,
): Promise<{ builds: BuildRecord[]; read: number }> {
  const builds: BuildRecord[] = []
  let read = 0
  while (builds.length < most && read < indexed.length) {
    const next = indexed.slice(read, read + most - builds.length)
    read += next.length
    const found = await mapLimit(next, 16, ({ id }) => vault.find(id, nameUnreadable(io)))
    builds.push(...found.filter(build => build !== undefined))
  }
  return { builds, read }
}

/** By the ID of a build or its beginning, else by the name of a release that has one build. */
async function findBuild(vault: Vault, name: string, io: Io): Promise<BuildRecord> {
  const indexed = (await vault.index(nameUnreadable(io))).builds()
  if (indexed.length === 0) throw noBuild(vault.location)
  const isCalled = ({ id }: IndexedBuild) => id === name || (name.length >= 8 && id.startsWith(name))
  const byId = (await readSome(vault, indexed.filter(isCalled), mostChoices, io)).builds
  const ofRelease = indexed.filter(({ release }) => release?.name === name)
  const found = byId.length > 0 ? byId : (await readSome(vault, ofRelease, mostChoices, io)).builds
  const [build] = found
  if (!build) throw new MapsealError('releases', `No build or release is called ${name}. List them: mapseal releases.`)
  if (found.length === 1) return build
  const choices = found.map(each => `\n  ${each.id}  ${summarize(each).outDirs.join(', ')}`)
  const count = byId.length > 0 ? indexed.filter(isCalled).length : ofRelease.length
  throw new MapsealError('releases', `${name} has ${count} builds. Give the ID of one:${choices.join('')}`)
}

/** Builds that are listed for people to choose from. */
const mostChoices = 10

function list(builds: BuildRecord[], count: number, { isJson }: CommandInput, io: Io): number {
  const summaries = builds.map(summarize)
  if (isJson) return print(`${JSON.stringify(summaries, null, 2)}\n`, io)
  const columns = columnsFor(summaries)
  const rows = [columns.map(([heading]) => heading), ...summaries.map(each => columns.map(([, cell]) => cell(each)))]
  const [first = '', ...lines] = alignColumns(rows)
  const more = builds.length < count ? [`and ${count - builds.length} older`] : []
  return print(`${[createPaint(io, io.stdout)('bold', first), ...lines, ...more].join('\n')}\n`, io)
}

type Column = [heading: string, cell: (build: BuildSummary) => string]

const folder: Column = ['FOLDER', ({ outDirs }) => outDirs.join(', ') || '-']
const state: Column = ['STATE', ({ state }) => stateNames[state]]

/** The folder and the state have a column only where they tell builds apart. */
function columnsFor(builds: BuildSummary[]): Column[] {
  const names = builds.flatMap(({ release }) => release?.name ?? [])
  const hasTwins = new Set(names).size < names.length
  const hasUnfinished = builds.some(({ state }) => state !== 'finished')
  return [
    ['BUILD', ({ id }) => id],
    ['TIME (UTC)', ({ createdAt }) => formatTime(createdAt)],
    ['RELEASE', ({ release }) => releaseName(release)],
    ...(hasTwins ? [folder] : []),
    ['FILES', ({ files }) => String(files)],
    ['DECODABLE', ({ decodable, scripts }) => `${decodable} of ${scripts}`],
    ['SIZE', ({ size }) => formatSize(size)],
    ['DELIVERIES', deliveriesOf],
    ...(hasUnfinished ? [state] : []),
  ]
}

function deliveriesOf({ deliveries }: BuildSummary): string {
  return (
    Object.entries(deliveries)
      .map(([name, { state }]) => `${name}: ${state}`)
      .join(', ') || '-'
  )
}

function show(build: BuildRecord, { isJson }: CommandInput, io: Io): number {
  const summary = summarize(build)
  const files = build.files.map(({ path, outDir, debugId, code, map, problem }) => ({
    path: outDir ? `${outDir}/${path}` : path,
    debugId,
    size: code.size,
    mapSize: map?.size ?? null,
    problem: problem ?? null,
  }))
  if (isJson) return print(`${JSON.stringify({ ...summary, files }, null, 2)}\n`, io)
  const facts = [
    ['build', summary.id],
    ['time (UTC)', formatTime(summary.createdAt)],
    ['release', releaseName(summary.release)],
    ['commit', summary.commit ? commitName(summary.commit) : '-'],
    ['state', stateNames[summary.state]],
    ['decodable', `${summary.decodable} of ${summary.scripts}`],
    ['size', formatSize(summary.size)],
    ['deliveries', deliveriesOf(summary)],
  ]
  const broken = (problem: string | null) => (problem === null ? 0 : 1)
  const rows = files
    .sort((one, other) => broken(other.problem) - broken(one.problem))
    .map(({ path, debugId, size, problem }) => [path, debugId, formatSize(size), problem ?? ''])
  const [heading = '', ...lines] = alignColumns([['FILE', 'DEBUG ID', 'SIZE', 'PROBLEM'], ...rows])
  return print([...alignColumns(facts), '', createPaint(io, io.stdout)('bold', heading), ...lines, ''].join('\n'), io)
}

async function remove(vault: Vault, build: BuildRecord, { isJson }: CommandInput, io: Io): Promise<number> {
  const pending = Object.entries(build.deliveries).filter(([, { state }]) => state !== 'delivered')
  if (pending.length > 0) {
    const names = pending.map(([name]) => name).join(', ')
    throw new MapsealError(
      'releases',
      `${build.id} is not yet delivered to ${names}. Deliver it with "mapseal flush", or drop that with "mapseal flush --forget NAME".`,
    )
  }
  await vault.forget(build.id)
  if (isJson) return print(`${JSON.stringify({ deleted: build.id }, null, 2)}\n`, io)
  return print(
    `Deleted ${build.id} (${releaseName(build.release ?? null)}). Its files go when the next build prunes the vault.\n`,
    io,
  )
}

function print(text: string, { stdout }: Io): number {
  stdout.write(text)
  return 0
}
