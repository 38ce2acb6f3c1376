import { type DeliveryContext, type Deploy, MapsealError } from '@mapseal/core'
import { callSentry, projectsOf, type SentryConfig } from '../api.ts'
import { checkVersion, releasePath } from './releases.ts'

/** Marks a rollout of a release that the server knows; without `finished` it ends now. */
export async function markDeploy(context: DeliveryContext, config: SentryConfig, deploy: Deploy): Promise<void> {
  checkVersion(deploy.release)
  checkName('environment', deploy.environment)
  if (deploy.name !== undefined) checkName('name', deploy.name)
  await callSentry(context, config, `${releasePath(deploy.release)}deploys/`, {
    method: 'POST',
    body: {
      environment: deploy.environment,
      name: deploy.name ?? null,
      url: deploy.url ?? null,
      dateStarted: deploy.started === undefined ? null : isoDate('started', deploy.started),
      dateFinished: isoDate('finished', deploy.finished ?? new Date().toISOString()),
      ...(config.projects.length > 0 && { projects: projectsOf(config) }),
    },
    failure: `The deploy of ${deploy.release} to ${deploy.environment} was not marked`,
    advice: {
      400: 'Check the projects and the fields of the deploy, and try again.',
      404: 'The release must be there: sentry({ release: {} }) makes it with the build. Else check org and project.',
    },
  })
}

function checkName(field: string, text: string): void {
  if (text.trim() !== '' && text.length <= 64 && !/[\r\n\f/]/.test(text)) return
  throw new MapsealError(
    'sentry',
    `The ${field} of a deploy takes 1 to 64 characters, none of them a slash or line break, not ${JSON.stringify(text)}. Name it otherwise.`,
  )
}

function isoDate(field: string, text: string): string {
  const date = new Date(text)
  if (/^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(date.getTime())) return date.toISOString()
  throw new MapsealError(
    'sentry',
    `"${field}" of a deploy takes an ISO 8601 time, not ${JSON.stringify(text)}. Write it like 2026-11-21T10:15:00Z.`,
  )
}

/**
 * The rollout that a build on a host with automatic deploys is part of. Undefined elsewhere: there the build knows nothing
 * of it, and `mapseal deploy` marks it.
 */
export function detectDeploy(env: NodeJS.ProcessEnv = process.env): Omit<Deploy, 'release'> | undefined {
  const { environment, url } = HOSTS.find(host => isSet(env[host.flag]))?.read(env) ?? {}
  // A development server is not a rollout.
  if (!environment || environment === 'development' || environment === 'dev') return undefined
  return { environment, ...(url && { url: url.includes('://') ? url : `https://${url}` }) }
}

interface Host {
  flag: string
  read(env: NodeJS.ProcessEnv): { environment?: string | undefined; url?: string | undefined }
}

/** Source: each host's page of the variables that a build sees. */
const HOSTS: readonly Host[] = [
  {
    flag: 'VERCEL',
    read: env => ({
      environment: env.VERCEL_TARGET_ENV?.trim() || env.VERCEL_ENV?.trim(),
      url: env.VERCEL_URL?.trim(),
    }),
  },
  {
    flag: 'NETLIFY',
    read: env => {
      const environment = env.CONTEXT?.trim()
      return { environment, url: (environment === 'production' ? env.URL : env.DEPLOY_PRIME_URL)?.trim() }
    },
  },
  {
    // It does not say which branch is the one of production; these two are what it proposes.
    flag: 'CF_PAGES',
    read: env => ({
      environment: env.CF_PAGES_BRANCH && (/^(?:main|master)$/.test(env.CF_PAGES_BRANCH) ? 'production' : 'preview'),
      url: env.CF_PAGES_URL?.trim(),
    }),
  },
  {
    flag: 'RENDER',
    read: env => ({
      environment: isSet(env.IS_PULL_REQUEST) ? 'preview' : 'production',
      url: env.RENDER_EXTERNAL_URL?.trim(),
    }),
  },
]

/** Hosts write `1` or `true`, and some `false` where they do not apply. */
function isSet(value: string | undefined): boolean {
  return value === '1' || value?.toLowerCase() === 'true'
}
