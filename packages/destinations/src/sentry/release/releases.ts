import { type DeliveryContext, MapsealError } from '@mapseal/core'
import { callSentry, encodeSegment, projectsOf, type SentryConfig } from '../api.ts'

export interface ReleaseDetails {
  /** Where people can read of it. */
  url?: string
  /** ISO 8601. @default now */
  date?: string
  /** Whether it is finalized with that. */
  isFinal?: boolean
}

/** Makes the release, or adds the projects to the one that exists: the server answers 201, or 208 where nothing changed. */
export async function createRelease(
  context: DeliveryContext,
  config: SentryConfig,
  version: string,
  { url, date = now(), isFinal = false }: ReleaseDetails = {},
): Promise<void> {
  checkVersion(version)
  const dates = { dateStarted: date, ...(isFinal && { dateReleased: date }) }
  await callSentry(context, config, 'releases/', {
    method: 'POST',
    body: { version, projects: projectsOf(config), ...(url !== undefined && { url }), ...dates },
    failure: `Release ${version} was not created`,
  })
}

/** Sets the date of release, so that the server orders releases by it. */
export async function finalizeRelease(
  context: DeliveryContext,
  config: SentryConfig,
  version: string,
  { url, date = now() }: ReleaseDetails = {},
): Promise<void> {
  checkVersion(version)
  await callSentry(context, config, releasePath(version), {
    method: 'PUT',
    body: { projects: projectsOf(config), ...(url !== undefined && { url }), dateReleased: date },
    failure: `Release ${version} was not finalized`,
  })
}

export function releasePath(version: string): string {
  return `releases/${encodeSegment(version)}/`
}

/** The server's rules, so that a bad name fails before the upload. @throws MapsealError */
export function checkVersion(version: string): void {
  const problem = problemOf(version)
  if (problem === undefined) return
  throw new MapsealError(
    'sentry',
    `${JSON.stringify(version)} cannot name a release at Sentry: it ${problem}. Set "release" to another name, such as a commit or shop@1.4.0.`,
  )
}

function problemOf(version: string): string | undefined {
  if (version.trim() === '') return 'is empty'
  if (version.trim() !== version) return 'begins or ends with a space'
  if (version === '.' || version === '..') return 'is a path'
  if (version.toLowerCase() === 'latest') return 'is a reserved word'
  if (/[\r\n\f\t]/.test(version)) return 'holds a line break or tab'
  if (/[/\\]/.test(version)) return 'holds a slash'
  if (version.length > 200) return `is ${version.length} characters long, 200 are allowed`
  return undefined
}

function now(): string {
  return new Date().toISOString()
}
