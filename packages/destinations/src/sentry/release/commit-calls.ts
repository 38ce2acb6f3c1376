import { type DeliveryContext, MapsealError } from '@mapseal/core'
import { callSentry, type SentryConfig } from '../api.ts'
import type { Commit } from './git.ts'
import { releasePath } from './releases.ts'

/** The release whose commits are set, and where to look for them. */
export interface CommitJob {
  context: DeliveryContext
  config: SentryConfig
  version: string
  root: string
  env: NodeJS.ProcessEnv
}

/** A range in a repository that the server is connected with: it fetches the commits itself. */
export interface Ref {
  repository: string
  commit: string
  previousCommit: string | null
}

/** The last commit of the release before; servers that keep none answer 404 or `{}`. */
export async function previousCommit({ context, config, version }: CommitJob): Promise<string | undefined> {
  const response = await callSentry(context, config, `${releasePath(version)}previous-with-commits/`, {
    failure: `The release before ${version} was not found`,
    accept: [404, 405],
  })
  if (response.status >= 300) return undefined
  const { lastCommit } = (response.json() ?? {}) as { lastCommit?: { id?: unknown } | null }
  return typeof lastCommit?.id === 'string' && lastCommit.id !== '' ? lastCommit.id : undefined
}

export async function putRef(job: CommitJob, ref: Ref): Promise<string> {
  checkLength('repository', ref.repository, 200)
  checkLength('commit', ref.commit, 64)
  checkLength('previousCommit', ref.previousCommit ?? '', 64)
  await put(job, { refs: [ref] })
  return `commits up to ${ref.repository}@${ref.commit.slice(0, 12)}`
}

export async function putCommits(job: CommitJob, commits: Commit[]): Promise<string> {
  await put(job, { commits })
  return commits.length === 1 ? '1 commit' : `${commits.length} commits`
}

async function put(
  { context, config, version }: CommitJob,
  body: { refs: Ref[] } | { commits: Commit[] },
): Promise<void> {
  const failure = `The commits of release ${version} were not set`
  await callSentry(context, config, releasePath(version), { method: 'PUT', body, failure })
}

function checkLength(field: string, text: string, limit: number): void {
  if (text.length <= limit) return
  throw new MapsealError('sentry', `"${field}" of setCommits takes at most ${limit} characters, not ${text.length}.`)
}
