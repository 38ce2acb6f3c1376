import { type DeliveryContext, HttpError, type HttpRequest, type HttpResponse, redactor } from '@mapseal/core'

/** Which server, organization and projects, and the token for them; resolved once. */
export interface SentryConfig {
  /** An origin, without a trailing slash. */
  url: string
  org: string
  /** Slugs or numeric IDs; at least one. */
  projects: string[]
  authToken: string
}

/** Statuses whose body gives Sentry's reason, which helps more than the status: they are read here, not thrown by the client. */
const REFUSALS = [400, 401, 403, 404, 405, 409, 410, 413, 422]

const ADVICE: Record<number, string> = {
  401: 'Check the token (SENTRY_AUTH_TOKEN): it is wrong, expired or from another server.',
  403: 'Give the token the scope org:ci (organization tokens have it) or project:releases.',
  404: 'Check the organization, the projects and the server (SENTRY_ORG, SENTRY_PROJECT, SENTRY_URL).',
  405: 'This server does not keep such data; switch it off in the options of sentry().',
  413: 'Raise the body limit of the proxy before the server.',
}

interface SentryRequest extends Omit<HttpRequest, 'accept'> {
  /** What did not happen if Sentry refuses, as in `Release 1.4.0 was not created`. */
  failure?: string
  /** Advice by status, where it is more specific than the general one. */
  advice?: Record<number, string>
  /** Refusals that the caller handles; returned, not thrown. */
  accept?: number[]
}

/** Sends one request with the token. @throws HttpError with Sentry's reason; its message never holds the token */
export async function requestSentry(
  { fetch, signal }: DeliveryContext,
  config: SentryConfig,
  url: string,
  { failure, advice, accept = [], headers, ...request }: SentryRequest = {},
): Promise<HttpResponse> {
  signal.throwIfAborted()
  const response = await fetch(url, {
    ...request,
    headers: { ...headers, Authorization: `Bearer ${config.authToken}` },
    accept: REFUSALS,
  })
  const { status } = response
  if (status < 300 || accept.includes(status)) return response
  const detail = withoutToken(detailOf(response.text), config)
  const message = `${failure ? `${failure}: ` : ''}${url} answered ${status}${detail && ` (${detail})`}.`
  throw new HttpError(`${message} ${advice?.[status] ?? adviceFor(status, config)}`, { status })
}

/** Calls an endpoint of the organization, with a JSON body or none. @throws HttpError as {@link requestSentry} */
export async function callSentry(
  context: DeliveryContext,
  config: SentryConfig,
  path: string,
  { body, ...request }: Omit<SentryRequest, 'body' | 'headers'> & { body?: unknown } = {},
): Promise<HttpResponse> {
  const url = `${config.url}/api/0/organizations/${encodeSegment(config.org)}/${path}`
  if (body === undefined) return requestSentry(context, config, url, request)
  const headers = { 'Content-Type': 'application/json' }
  return requestSentry(context, config, url, { method: 'POST', ...request, headers, body: JSON.stringify(body) })
}

function adviceFor(status: number, { projects }: SentryConfig): string {
  if (status !== 400) return ADVICE[status] ?? 'Fix what it names, then try again.'
  // A server that refuses a request for its projects does not say which they are.
  const names = projects.map(project => `"${project}"`).join(', ')
  return `Check the project ${names} (SENTRY_PROJECT, or the option "project") and whatever else it names, then try again.`
}

/** Encodes a path segment as sentry-cli does: `@` and `:` stay. */
export function encodeSegment(text: string): string {
  return encodeURIComponent(text).replaceAll('%40', '@').replaceAll('%3A', ':')
}

/** The projects as JSON: IDs as numbers, slugs as strings. */
export function projectsOf({ projects }: SentryConfig): (string | number)[] {
  return projects.map(project => (/^\d{1,15}$/.test(project) ? Number(project) : project))
}

/** Reads where the next page of a list starts: `<…>; rel="previous"; …, <…>; rel="next"; results="true"; cursor="0:100:0"`. */
export function nextCursor(response: HttpResponse): string | undefined {
  const links = (response.header('link') ?? '').split(/,\s*</)
  const next = links.find(link => /rel="next"/.test(link) && /results="true"/.test(link))
  return next && /cursor="([^"]*)"/.exec(next)?.[1]
}

/** Replaces the token, which a server or proxy may echo. */
export function withoutToken(text: string, { authToken }: SentryConfig): string {
  return redactor([`Bearer ${authToken}`, authToken])(text)
}

/** Reads `{"detail": text}`, `{"error": text}` or field errors; empty for anything else, such as a page of HTML. */
function detailOf(text: string): string {
  try {
    const body: unknown = JSON.parse(text)
    if (typeof body !== 'object' || body === null) return ''
    const { detail, error } = body as { detail?: unknown; error?: unknown }
    const message = [detail, error].find(value => typeof value === 'string' && value !== '') ?? JSON.stringify(body)
    return String(message)
      .slice(0, 500)
      .replace(/[.\s]+$/, '')
  } catch {
    return ''
  }
}
