import { type CiCommit, type DeliveryContext, detectCommit, MapsealError, reason } from '@mapseal/core'
import type { SentryConfig } from '../api.ts'
import { type CommitJob, putRef } from './commit-calls.ts'
import { headCommit, preferredRemote, setFromHistory } from './commit-history.ts'
import type { CommitLeniency, SetCommits } from './commit-settings.ts'
import { type Git, openGit, remoteUrls, resolveCommit } from './git.ts'
import { normalizeRemote } from './remotes.ts'
import { findRepository, listRepositories, type SentryRepository } from './repositories.ts'

export type { SetCommits } from './commit-settings.ts'

/** Where to look for commits. */
export interface CommitSource {
  root: string
  env?: NodeJS.ProcessEnv
}

/**
 * Sets which commits the release holds. Without a setting they are looked for, and a warning says if none are found.
 *
 * @returns what was set, for the summary line; undefined where nothing was
 * @throws MapsealError where the user asked for commits and they could not be set
 */
export async function setCommits(
  context: DeliveryContext,
  config: SentryConfig,
  version: string,
  setting: SetCommits | undefined,
  { root, env = process.env }: CommitSource,
): Promise<string | undefined> {
  if (setting === false) return undefined
  const job: CommitJob = { context, config, version, root, env }
  if (setting) return 'auto' in setting ? setAuto(job, setting) : setRange(job, setting)
  try {
    return await setAuto(job, { ignoreMissing: true, ignoreEmpty: true })
  } catch (cause) {
    if (context.signal.aborted) throw cause
    const warning = `Release ${version} has no commits: ${reason(cause)} Or set setCommits: false.`
    context.logger.warn(`[mapseal] [sentry] ${warning}`)
    return undefined
  }
}

async function setRange(
  job: CommitJob,
  { repository, commit, previousCommit }: Extract<SetCommits, { repository: string }>,
): Promise<string> {
  const known = await listRepositories(job.context, job.config)
  if (!known.some(({ name }) => name === repository)) throw unknownRepository(repository, known)
  return putRef(job, {
    repository,
    commit: await hashOf(job, commit),
    previousCommit: previousCommit === undefined ? null : await hashOf(job, previousCommit),
  })
}

/** A hash goes as it is, so that it needs no repository here. */
async function hashOf({ root, env, context }: CommitJob, revision: string): Promise<string> {
  if (/^[0-9a-f]{7,64}$/i.test(revision)) return revision
  return resolveCommit(await openGit(root, env, context.signal), revision)
}

async function setAuto(job: CommitJob, leniency: CommitLeniency): Promise<string | undefined> {
  const ci = detectCommit(job.env)
  const found = await findGit(job)
  if ('problem' in found && !ci) throw found.problem

  const known = await listRepositories(job.context, job.config)
  if ('git' in found) {
    const repository = findRepository(known, await remoteUrls(found.git, preferredRemote(job)))
    if (repository) {
      return putRef(job, { repository: repository.name, commit: await headCommit(found.git), previousCommit: null })
    }
  }
  // Some hosts clone without remotes.
  const repository = ci && findRepository(known, [ci.repository])
  if (repository) {
    const { commit, previousCommit = null } = ci
    return putRef(job, { repository: repository.name, commit, previousCommit })
  }
  if ('git' in found) return setFromHistory(job, found.git, leniency)
  throw ci ? unknownCiRepository(ci, known) : found.problem
}

async function findGit({ root, env, context }: CommitJob): Promise<{ git: Git } | { problem: MapsealError }> {
  try {
    return { git: await openGit(root, env, context.signal) }
  } catch (cause) {
    const advice = 'Build where git and .git are, or set setCommits: { repository, commit }.'
    return { problem: new MapsealError('sentry', `${reason(cause)} ${advice}`, { cause }) }
  }
}

function unknownRepository(repository: string, known: SentryRepository[]): MapsealError {
  const names = known.map(({ name }) => name)
  const hint =
    names.length === 0
      ? 'It knows none: connect the repository in its settings, under Integrations.'
      : `It knows ${names.slice(0, 5).join(', ')}${names.length > 5 ? ' and more' : ''}.`
  return new MapsealError('sentry', `The server does not know the repository ${JSON.stringify(repository)}. ${hint}`)
}

function unknownCiRepository({ system, repository }: CiCommit, known: SentryRepository[]): MapsealError {
  const name = normalizeRemote(repository) ?? repository
  const lack = known.length === 0 ? 'knows no repository' : 'does not know this one'
  return new MapsealError(
    'sentry',
    `${system} builds ${name} without .git here, and the server ${lack}. Connect it in the server's settings, under Integrations, or build where .git is.`,
  )
}
