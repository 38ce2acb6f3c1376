import { type ResolvedOptions, setValue } from '../options.ts'
import type { Commit, Release } from '../types.ts'
import { commitVariables } from './ci-commit.ts'
import { readCommit } from './commit.ts'

/**
 * The release of a build: the option, else `MAPSEAL_RELEASE` or `SENTRY_RELEASE`, else the CI's commit variable, else
 * git's `HEAD`. Undefined where none of them names one.
 *
 * @param head the commit, where it is being read already
 */
export async function detectRelease(
  option: ResolvedOptions['release'],
  root: string,
  env: NodeJS.ProcessEnv = process.env,
  head: Promise<Commit | undefined> | undefined = undefined,
): Promise<Release | undefined> {
  if (option === false) return undefined
  const dist = option.dist === undefined ? {} : { dist: option.dist }
  if (option.name) return { name: option.name, ...dist, source: 'option' }
  for (const variable of ['MAPSEAL_RELEASE', 'SENTRY_RELEASE', ...commitVariables]) {
    const name = interpolated(variable, env[variable])
    if (name) return { name, ...dist, source: variable }
  }
  // No variable names a commit, so it is git's.
  const commit = await (head ?? readCommit(root, env))
  return commit ? { name: commit.sha, ...dist, source: 'git' } : undefined
}

/** `$GITHUB_SHA`, `${GITHUB_SHA}`, `%GITHUB_SHA%` and the like: a CI's template that was not filled in. */
function interpolated(variable: string, value: string | undefined): string | undefined {
  const name = setValue(value)
  if (!name || name === variable) return undefined
  return /^(?:\$\(?\w+\)?|\$\{\{?.*\}\}?|\{\{.*\}\}|%\w+%|<.*>|undefined|null)$/.test(name) ? undefined : name
}
