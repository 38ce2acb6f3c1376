import { type DeliveryContext, HttpError, type HttpRequest, type HttpResponse, redactor } from '@mapseal/core'
import { checkProjects } from './api.ts'
import type { SentryConfig } from './config/config.ts'

/** Refusals are Sentry's word, and more use than a status: they are read, not thrown by the client. */
const refusals = [400, 401, 403, 404, 409, 413]

/** Asks Sentry as the token's owner. @throws HttpError with the server's reason, but for 413, which is returned */
export async function request(
  { authToken, projects }: SentryConfig,
  context: DeliveryContext,
  url: string,
  { headers, ...rest }: HttpRequest = {},
): Promise<HttpResponse> {
  context.signal.throwIfAborted()
  const response = await context.fetch(url, {
    ...rest,
    headers: { ...headers, Authorization: `Bearer ${authToken}` },
    accept: refusals,
  })
  if (response.status < 300 || response.status === 413) return response
  const said = trimmed(redactor([authToken])(reasonOf(response.text)))
  const { status } = response
  throw new HttpError(`${url} answered ${status}${said ? `: ${said}` : ''}. ${advice(status, projects)}`, { status })
}

/** An endpoint below `/api/0/`, with a JSON body or none. */
export async function api(
  config: SentryConfig,
  context: DeliveryContext,
  path: string,
  body?: unknown,
): Promise<unknown> {
  const url = `${config.url}/api/0/${path}`
  const response = await request(
    config,
    context,
    url,
    body === undefined
      ? {}
      : { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) },
  )
  if (response.status === 413) {
    throw new HttpError(`${url} answered 413. Raise the body limit of the proxy before the server.`, { status: 413 })
  }
  return response.json()
}

/** Of `{"detail": …}` or `{"error": …}`; any other JSON as it is. */
function reasonOf(text: string): string {
  try {
    const body: unknown = JSON.parse(text)
    const { detail, error } = Object(body) as Record<string, unknown>
    const said = [detail, error].find(value => typeof value === 'string' && value !== '')
    return typeof said === 'string' ? said : JSON.stringify(body)
  } catch {
    return ''
  }
}

function trimmed(text: string): string {
  return text.slice(0, 500).replace(/[.\s]+$/, '')
}

function advice(status: number, projects: string[]): string {
  if (status === 400) return `${checkProjects(projects)} then run "mapseal flush".`
  if (status === 401) return 'Set SENTRY_AUTH_TOKEN to a valid token.'
  if (status === 403) return 'Give the token the scope org:ci, or project:releases.'
  if (status === 404) return 'Check SENTRY_ORG, SENTRY_PROJECT and SENTRY_URL.'
  return 'Mend what it names, then run "mapseal flush".'
}
