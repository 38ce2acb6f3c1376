import type { Deploy, SetCommits } from '@mapseal/core'
import type { CommandInput } from './command.ts'
import { UsageError } from './errors.ts'

/** What `mapseal release` is to do, in the words of `sentry-cli releases`. */
export interface ReleaseWork {
  action: 'new' | 'set-commits' | 'finalize' | 'list' | 'upload-sourcemaps' | 'files' | 'deploy' | 'deploys'
  /** Undefined where it is that of the plugin. */
  version: string | undefined
  /** The folders to upload. */
  dirs: string[]
}

export const releaseWords: readonly string[] = ['new', 'set-commits', 'finalize', 'list', 'files', 'deploys']

const plain = ['new', 'set-commits', 'finalize', 'list'] as const

/** @throws UsageError for words that make no sense */
export function readWork({ operands, values }: CommandInput): ReleaseWork {
  const [word = '', ...rest] = operands
  const [named] = values.release ?? []
  const simple = plain.find(each => each === word)
  if (simple) {
    if (rest.length > 1 || (simple === 'list' && rest.length > 0))
      throw usage(`Unexpected argument "${rest[simple === 'list' ? 0 : 1]}".`)
    return { action: simple, version: rest[0] ?? named, dirs: [] }
  }
  if (word === 'files') {
    const [version, verb, ...dirs] = withVersion(rest, ['upload-sourcemaps', 'list'], named)
    if (verb === 'list') return { action: 'files', version, dirs: [] }
    if (verb === 'upload-sourcemaps' && dirs.length > 0) return { action: 'upload-sourcemaps', version, dirs }
    throw usage('Write "files VERSION upload-sourcemaps DIR" or "files VERSION list".')
  }
  if (word === 'deploys') {
    const [version, verb] = withVersion(rest, ['new', 'list'], named)
    if (verb === 'new') return { action: 'deploy', version, dirs: [] }
    if (verb === 'list') return { action: 'deploys', version, dirs: [] }
    throw usage('Write "deploys VERSION new --env NAME" or "deploys VERSION list".')
  }
  throw usage(`There is no "${word}" of releases.`)
}

/** sentry-cli takes the version before the verb, or as `--release`. */
function withVersion(
  words: string[],
  verbs: string[],
  named: string | undefined,
): [version: string | undefined, verb: string | undefined, ...rest: string[]] {
  const [first = '', ...rest] = words
  const isVerb = verbs.includes(first) && !verbs.includes(rest[0] ?? '')
  return isVerb ? [named, first, ...rest] : [first || named, rest[0], ...rest.slice(1)]
}

/** `--auto`, or `--commit REPO@SHA` or `REPO@PREVIOUS..SHA`. @throws UsageError */
export function readCommits({ flags, values }: CommandInput): Exclude<SetCommits, false> {
  const leniency = {
    ...(flags.has('ignore-missing') && { ignoreMissing: true }),
    ...(flags.has('ignore-empty') && { ignoreEmpty: true }),
  }
  const [text, ...more] = values.commit ?? []
  if (text === undefined) return { auto: true, ...leniency }
  if (flags.has('auto')) throw usage('--auto and --commit cannot be combined. Give one of them.')
  if (more.length > 0) throw usage('--commit can be given once. Give that of the repository that is built.')
  const [, repository, previousCommit, commit] = /^([^@]+)@(?:(.+?)\.\.)?([^.]+)$/.exec(text) ?? []
  if (!repository || !commit) throw usage(`--commit takes REPO@SHA or REPO@PREVIOUS..SHA, not "${text}".`)
  return { repository, commit, ...(previousCommit && { previousCommit }), ...leniency }
}

/** What a deploy is to say besides its release. @throws UsageError */
export function readDeploy({ values }: CommandInput): Omit<Deploy, 'release'> {
  const [environment] = values.env ?? []
  if (environment === undefined) throw usage('--env is missing: --env production.')
  const { name, url, started, finished, time } = values
  const seconds = time?.[0]
  if (seconds !== undefined && !/^\d+$/.test(seconds)) throw usage(`--time takes seconds, not "${seconds}".`)
  const end = finished?.[0] === undefined ? undefined : readTime('finished', finished[0])
  const from = new Date(end ?? Date.now()).getTime() - Number(seconds) * 1000
  const start = started?.[0] === undefined ? undefined : readTime('started', started[0])
  return {
    environment,
    ...(name?.[0] && { name: name[0] }),
    ...(url?.[0] && { url: url[0] }),
    ...(end && { finished: end }),
    ...(start ? { started: start } : seconds && { started: new Date(from).toISOString() }),
  }
}

/** Unix seconds, as sentry-cli has them, or ISO 8601. @throws UsageError */
export function readTime(option: string, text: string): string {
  const date = new Date(/^\d+$/.test(text) ? Number(text) * 1000 : text)
  if (/^\d+$|^\d{4}-\d\d-\d\d(?:T.+)?$/.test(text) && !Number.isNaN(date.getTime())) return date.toISOString()
  throw usage(`--${option} takes Unix seconds or an ISO 8601 time, such as 2026-11-21T10:15:00Z, not "${text}".`)
}

function usage(message: string): UsageError {
  return new UsageError(`${message} Try "mapseal release --help".`)
}
