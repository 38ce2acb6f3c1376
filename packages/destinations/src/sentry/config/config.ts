import { MapsealError } from '@mapseal/core'
import type { SentryConfig } from '../api.ts'
import { type ConfigFile, readConfigFiles } from './config-files.ts'
import { isSetText } from './settings.ts'
import { readToken } from './token.ts'

/** Where Sentry is and who we are there; what is unset comes from variables and files. */
export interface SentryAccess {
  /** The organization's slug. @default SENTRY_ORG, `defaults.org` of a config file, the token's own */
  org?: string
  /** Slugs or ids; with several, the payload is still sent once. @default SENTRY_PROJECT, `defaults.project` */
  project?: string | string[]
  /** @default SENTRY_AUTH_TOKEN, `auth.token` of a config file */
  authToken?: string
  /** The server's origin. @default SENTRY_URL, `defaults.url` of a config file, `https://sentry.io` */
  url?: string
}

export interface Surroundings {
  cwd: string
  env: NodeJS.ProcessEnv
  warn(message: string): void
}

/**
 * Options, then variables, then files. An organization token knows its organization and server better than all of them:
 * elsewhere it is worth nothing.
 * @throws MapsealError that says what to set
 */
export async function resolveConfig(access: SentryAccess, { cwd, env, warn }: Surroundings): Promise<SentryConfig> {
  const files = await readConfigFiles(cwd, env)
  const authToken = tokenOf(access, env, files)
  if (!authToken) missing('auth token', 'SENTRY_AUTH_TOKEN', 'authToken')
  const facts = readToken(authToken)

  const configuredOrg = first(access.org, env.SENTRY_ORG) ?? fromFiles(files, 'defaults.org')
  const configuredUrl = first(access.url, env.SENTRY_URL) ?? fromFiles(files, 'defaults.url')
  const url = toOrigin(facts.url ?? configuredUrl ?? 'https://sentry.io')
  const org = facts.org ?? configuredOrg
  if (!org) missing('organization', 'SENTRY_ORG', 'org')
  if (facts.org && configuredOrg && facts.org !== configuredOrg) {
    warn(`[sentry] The token belongs to the organization "${facts.org}": it is used instead of "${configuredOrg}".`)
  }
  if (facts.url && configuredUrl && toOrigin(configuredUrl) !== url) {
    warn(`[sentry] The token belongs to ${url}: it is used instead of ${toOrigin(configuredUrl)}.`)
  }

  const projects = toList(access.project, env.SENTRY_PROJECT ?? '', fromFiles(files, 'defaults.project') ?? '')
  if (projects.length === 0) missing('project', 'SENTRY_PROJECT', 'project')
  return { url, org, projects, authToken }
}

/** What to set where there is no token, be it an option, a variable or in a file; undefined if there is one. */
export async function lacksToken(
  access: SentryAccess,
  { cwd, env }: Omit<Surroundings, 'warn'>,
): Promise<string | undefined> {
  const isSet = tokenOf(access, env, []) ?? tokenOf(access, env, await readConfigFiles(cwd, env))
  return isSet ? undefined : missingText('auth token', 'SENTRY_AUTH_TOKEN', 'authToken')
}

function tokenOf(access: SentryAccess, env: NodeJS.ProcessEnv, files: ConfigFile[]): string | undefined {
  const set = first(access.authToken, env.SENTRY_AUTH_TOKEN)
  return set ?? fromFiles(files, 'auth.token') ?? fromFiles(files, 'auth.api_key')
}

function first(...values: (string | undefined)[]): string | undefined {
  return values.find(isSetText)?.trim()
}

function fromFiles(files: ConfigFile[], key: string): string | undefined {
  return first(...files.map(file => file.settings[key]))
}

/** The first of them that names any project. */
function toList(...values: (string | string[] | undefined)[]): string[] {
  for (const value of values) {
    const names = (Array.isArray(value) ? value : (value ?? '').split(',')).map(name => name.trim()).filter(Boolean)
    if (names.length > 0) return [...new Set(names)]
  }
  return []
}

function missing(what: string, variable: string, option: string): never {
  throw new MapsealError('sentry', missingText(what, variable, option))
}

function missingText(what: string, variable: string, option: string): string {
  return `No ${what}. Set ${variable}, or "${option}" in sentry({ ${option}: … }) or in .sentryclirc.`
}

/** The API is below the root: sentry-cli, too, refuses a path. */
function toOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new MapsealError(
      'sentry',
      `The url ${quoted(text)} is not one. Set an origin, such as "https://sentry.example.com".`,
    )
  }
  if (url.username || url.password || url.pathname.replace(/\/+$/, '') !== '' || url.search || url.hash) {
    throw new MapsealError('sentry', `The url has more than an origin. Set "${url.origin}".`)
  }
  return url.origin
}

/** Someone may have put a token there. */
function quoted(text: string): string {
  return text.length > 60 || /sntr|@/.test(text) ? 'that was set' : JSON.stringify(text)
}
