import { HttpProblem } from '../http/problem.ts'
import type { Request } from '../http/request.ts'
import { findProject, keyOfDsn } from './dsn.ts'
import type { ClientKeys } from './keys.ts'

export interface Projects {
  org: string
  projects: readonly string[]
  keys: ClientKeys
}

/**
 * The project that a request may send to. A key may be in the query, in `X-Sentry-Auth` (old SDKs: `Authorization`) and in
 * the DSN of the envelope's header; all that are given must be the project's.
 *
 * @param dsn of the envelope's header
 * @throws HttpProblem 403, the same for an unknown project as for a wrong key
 */
export async function admit(
  request: Pick<Request, 'params' | 'query' | 'headers'>,
  { org, projects, keys: accepted }: Projects,
  dsn?: string,
): Promise<string> {
  const project = findProject(request.params.project ?? '', org, projects)
  const keys = [
    ...request.query.getAll('sentry_key'),
    ...keysOfHeader(request.headers['x-sentry-auth']),
    ...keysOfHeader(request.headers.authorization),
    ...(dsn === undefined ? [] : [keyOfDsn(dsn) ?? '']),
  ]
  const known = project === undefined ? [] : (await accepted.list(project)).map(({ key }) => key)
  if (project === undefined || keys.length === 0 || !keys.every(key => known.includes(key)))
    throw new HttpProblem(403, { detail: 'No project of this server has this DSN' })
  return project
}

/** `Sentry sentry_version=7, sentry_key=0123…, sentry_client=…`; a bearer token, say of a proxy, has none. */
function keysOfHeader(header: string | string[] | undefined): string[] {
  const text = Array.isArray(header) ? header.join(',') : (header ?? '')
  if (!/^sentry\s/i.test(text)) return []
  return [...text.slice(0, 4096).matchAll(/(?:^sentry\s+|[,\s])sentry_key=([^,\s]*)/gi)].map(match => match[1] ?? '')
}
