import { hasConfigFile } from '../environment.ts'
import type { Options } from '../options.ts'

/**
 * Says what is missing for uploads; undefined where nothing is, or where a file of sentry-cli may have it: that is read when
 * something is uploaded.
 */
export function missingAccess(options: Options, env: NodeJS.ProcessEnv, cwd: string): string | undefined {
  const isSet = (value: string | string[] | undefined) => Boolean(value && String(value).trim())
  const token = [options.authToken, env.SENTRY_AUTH_TOKEN].find(isSet)
  const missing = [
    isSet(token) ? undefined : 'auth token (SENTRY_AUTH_TOKEN, or "authToken")',
    isSet(options.org) || isSet(env.SENTRY_ORG) || token?.startsWith('sntrys_')
      ? undefined
      : 'organization (SENTRY_ORG, or "org")',
    isSet(options.project) || isSet(env.SENTRY_PROJECT) ? undefined : 'project (SENTRY_PROJECT, or "project")',
  ].filter(each => each !== undefined)
  if (missing.length === 0 || hasConfigFile(cwd, env)) return undefined
  return `There is no ${missing.join(', no ')}.${turborepoHint(env)}`
}

/** Turborepo gives a task only the variables that its config names. */
function turborepoHint(env: NodeJS.ProcessEnv): string {
  return env.TURBO_HASH ? ' With Turborepo, name the variables in "passThroughEnv".' : ''
}
