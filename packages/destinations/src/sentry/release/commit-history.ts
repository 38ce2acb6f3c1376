import { MapsealError } from '@mapseal/core'
import { type CommitJob, previousCommit, putCommits } from './commit-calls.ts'
import type { CommitLeniency } from './commit-settings.ts'
import { type Git, isInHistory, listCommits, resolveCommit, shallowCommits } from './git.ts'

/** How many commits a release without a predecessor gets, and the most that any gets. */
const INITIAL = 20
const LIMIT = 1000
const DEEPEN = 'Clone more, as with "fetch-depth: 0" of actions/checkout or "git fetch --unshallow".'

/** Sends the commits since the previous release, for servers that are not connected with the repository. */
export async function setFromHistory(
  job: CommitJob,
  git: Git,
  { ignoreMissing, ignoreEmpty }: CommitLeniency,
): Promise<string | undefined> {
  const warn = (message: string) => job.context.logger.warn(`[mapseal] [sentry] ${message}`)
  await headCommit(git)
  const shallow = await shallowCommits(git, job.root)
  const previous = await previousCommit(job)
  const isFound = previous !== undefined && (await isInHistory(git, previous))
  if (previous !== undefined && !isFound) {
    const problem = missingPrevious(previous, shallow.size > 0)
    if (!ignoreMissing) throw new MapsealError('sentry', `${problem} Or set ignoreMissing.`)
    warn(`${problem} Release ${job.version} gets the newest commits instead, at most ${INITIAL}.`)
  }

  const range = isFound ? { since: previous, limit: LIMIT } : { limit: INITIAL }
  const commits = await listCommits(git, { ...range, repository: preferredRemote(job), shallow })
  if (commits.length === 0) {
    const message = `There are no commits since the previous release, so ${job.version} has none.`
    if (!ignoreEmpty) warn(`${message} Set ignoreEmpty if that is to be expected.`)
    return undefined
  }
  if (previous === undefined && commits.length < INITIAL && commits.some(({ id }) => shallow.has(id))) {
    warn(
      `This is a shallow clone, so release ${job.version} has its newest commits alone: ${commits.length}. ${DEEPEN}`,
    )
  }
  return putCommits(job, commits)
}

/** @throws MapsealError where there is none yet */
export async function headCommit(git: Git): Promise<string> {
  return resolveCommit(git, 'HEAD').catch(cause => {
    throw new MapsealError('sentry', 'The git repository has no commit yet. Commit first.', { cause })
  })
}

/** The server keeps it as the repository's name, as sentry-cli has it. */
export function preferredRemote({ env }: CommitJob): string {
  return env.SENTRY_VCS_REMOTE?.trim() || 'origin'
}

function missingPrevious(previous: string, isShallow: boolean): string {
  const where = `The previous release's last commit ${previous.slice(0, 12)} is not in the history here`
  if (isShallow) return `${where}, which is a shallow clone. ${DEEPEN}`
  return `${where}: it was amended, squashed or is on another branch.`
}
