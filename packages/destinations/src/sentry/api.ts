import { type DeliveryContext, HttpError, type HttpRequest, redactor } from '@mapseal/core'

/** Where on which server; the factory resolves it once. */
export interface SentryTarget {
  /** An origin without a trailing slash. */
  url: string
  org: string
  /** Slugs, or IDs of digits. */
  projects: string[]
  /** For every request, the token among them. */
  headers: Record<string, string>
}

/** What a server answers that is no success: shown with its own words and what to do. */
const REFUSALS = [400, 401, 403, 404, 405, 409, 410, 422]

const ADVICE: Record<number, string> = {
  401: 'Check the token: it is wrong, expired or of another server.',
  403: 'Give the token the scope org:ci (organization tokens have it) or project:releases.',
  404: 'Check the organization, the projects and that the release exists.',
  405: 'This server does not keep such data; switch it off in the options of sentry().',
}

interface Call {
  method?: 'POST' | 'PUT'
  body?: unknown
  /** What the call was for, as in `The release 1.4.0 was not created`. */
  failure: string
  /** What to do, by status, where this call knows better. */
  advice?: Record<number, string>
  /** Refusals that are answers to this call. */
  accept?: number[]
}

/** One call of the API below the organization, in JSON both ways. @throws HttpError that holds no header's value */
export async function callSentry(
  { fetch, signal }: DeliveryContext,
  target: SentryTarget,
  path: string,
  { method, body, failure, advice, accept = [] }: Call,
): Promise<{ status: number; json: () => unknown; header: (name: string) => string | undefined }> {
  signal.throwIfAborted()
  const request: HttpRequest = { headers: { ...target.headers }, accept: REFUSALS }
  if (method) request.method = method
  if (body !== undefined) {
    request.headers = { ...target.headers, 'Content-Type': 'application/json' }
    request.body = JSON.stringify(body)
  }
  const url = `${target.url}/api/0/organizations/${encodeSegment(target.org)}/${path}`
  const response = await fetch(url, request)
  const { status } = response
  if (status < 300 || accept.includes(status)) {
    return { status, json: () => response.json(), header: name => response.header(name) }
  }
  const said = redactor(secretsOf(target))(detailOf(response.text)).slice(0, 300)
  const next = advice?.[status] ?? ADVICE[status] ?? adviceOf(status, target)
  throw new HttpError(`${failure}: ${target.url} answered ${status}${said && ` (${said})`}. ${next}`, { status })
}

function adviceOf(status: number, { projects }: SentryTarget): string {
  return status === 400 ? `${checkProjects(projects)} and try again.` : 'Mend what it names and try again.'
}

/** The beginning of a sentence. A server that refuses a request for its projects does not say which they are. */
export function checkProjects(projects: string[]): string {
  const names = projects.map(project => `"${project}"`).join(', ')
  return `Check the project ${names} (SENTRY_PROJECT, or the option "project") and whatever else it names,`
}

/** As sentry-cli sends it: `@` and `:` stay. */
export function encodeSegment(text: string): string {
  return encodeURIComponent(text).replaceAll('%40', '@').replaceAll('%3A', ':')
}

/** IDs are numbers on the wire, slugs are texts. */
export function projectsOf({ projects }: SentryTarget): (string | number)[] {
  return projects.map(project => (/^\d{1,15}$/.test(project) ? Number(project) : project))
}

/** `{"detail": text}`, `{"error": text}` or field errors; a page of HTML says nothing. */
function detailOf(text: string): string {
  try {
    const body: unknown = JSON.parse(text)
    if (typeof body !== 'object' || body === null) return ''
    const { detail, error } = body as { detail?: unknown; error?: unknown }
    const said = [detail, error].find(value => typeof value === 'string') ?? JSON.stringify(body)
    return String(said)
  } catch {
    return ''
  }
}

/** A server or proxy may echo what it was sent. */
function secretsOf({ headers }: SentryTarget): string[] {
  const secrets = Object.values(headers).flatMap(value => [value, value.slice(value.indexOf(' ') + 1)])
  return secrets.filter(secret => secret.length >= 8)
}
