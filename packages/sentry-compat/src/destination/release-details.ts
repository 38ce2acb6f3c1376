import { MapsealError } from '@mapseal/core'
import type { SentryOptions } from '@mapseal/destinations/sentry'
import type { DeployOptions, ReleaseOptions } from '../options.ts'

type Details = NonNullable<SentryOptions['release']>

/** Sentry's options of a release as those of our destination. @throws MapsealError for times that are not valid */
export function releaseDetails(release: ReleaseOptions, env: NodeJS.ProcessEnv): Details {
  const { create = true, finalize = true } = release
  const setCommits = commitsOf(release.setCommits, env)
  return {
    create,
    finalize,
    ...(setCommits !== undefined && { setCommits }),
    ...(release.deploy !== undefined && { deploy: release.deploy && deployOf(release.deploy) }),
  }
}

function commitsOf(given: ReleaseOptions['setCommits'], env: NodeJS.ProcessEnv): Details['setCommits'] {
  // A preview's commits are those of its pull request: notifications about each would go to many people.
  const isPreview = env.VERCEL && env.VERCEL_TARGET_ENV && env.VERCEL_TARGET_ENV !== 'production'
  if (given === undefined) return isPreview ? false : undefined
  if (given === false) return false
  const { previousCommit, ignoreMissing, ignoreEmpty } = given
  const leniency = {
    ...(ignoreMissing !== undefined && { ignoreMissing }),
    ...(ignoreEmpty !== undefined && { ignoreEmpty }),
  }
  if (given.auto) return { auto: true, ...leniency }
  return {
    repository: given.repo,
    commit: given.commit,
    ...(previousCommit !== undefined && { previousCommit }),
    ...leniency,
  }
}

function deployOf({ env, started, finished, time, name, url }: DeployOptions): Details['deploy'] {
  const end = finished === undefined ? new Date().toISOString() : isoTime('finished', finished)
  const begin = time === undefined ? started : Date.parse(end) / 1000 - time
  return {
    environment: env,
    finished: end,
    ...(begin !== undefined && { started: isoTime('started', begin) }),
    ...(name !== undefined && { name }),
    ...(url !== undefined && { url }),
  }
}

/** Seconds since 1970, as number or digits, or ISO 8601. */
function isoTime(field: string, value: number | string): string {
  const isSeconds = typeof value === 'number' || /^\d+(?:\.\d+)?$/.test(value)
  const date = new Date(isSeconds ? Number(value) * 1000 : value)
  if (!Number.isNaN(date.getTime())) return date.toISOString()
  const problem = `"release.deploy.${field}" takes seconds since 1970 or ISO 8601, not ${JSON.stringify(value)}.`
  throw new MapsealError('sentry-compat', problem)
}
