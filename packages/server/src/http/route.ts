import type { Answer } from './answer.ts'
import { HttpProblem } from './problem.ts'
import type { Request } from './request.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE' | 'OPTIONS'

/** `read` sees sources; `write` uploads, and sees of releases what upload clients ask for; `admin` may do all. */
export type Access = 'read' | 'write' | 'admin'

export type Handler = (request: Request) => Promise<Answer>

export interface Route {
  method: Method
  /** Of the whole path, percent-encoded, from `^` to `$`; named groups become `params`, decoded. */
  path: RegExp
  access: 'public' | Access
  /** Answered whatever the `Host` header says, and without one: probes of HTTP/1.0 send none. */
  isForAnyHost?: boolean
  handle: Handler
}

export interface Match {
  route: Route
  params: Record<string, string>
}

/** The first route of this path and method. @throws HttpProblem 404, 405 */
export function findRoute(routes: readonly Route[], method: string, path: string): Match {
  const allowed = new Set<string>()
  for (const route of routes) {
    const match = route.path.exec(path)
    if (!match) continue
    const isAsked = route.method === method || (method === 'HEAD' && route.method === 'GET')
    if (isAsked) return { route, params: decodeParams(match.groups ?? {}) }
    allowed.add(route.method)
  }
  if (allowed.size === 0) throw new HttpProblem(404, { detail: 'The requested resource does not exist' })
  const methods = [...allowed, ...(allowed.has('GET') ? ['HEAD'] : [])].join(', ')
  throw new HttpProblem(405, { detail: `Method "${method}" not allowed.` }, { Allow: methods })
}

function decodeParams(groups: Record<string, string>): Record<string, string> {
  try {
    const present = Object.entries(groups).filter(([, value]) => value !== undefined)
    return Object.fromEntries(present.map(([name, value]) => [name, decodeURIComponent(value)]))
  } catch {
    throw new HttpProblem(400, { detail: 'The path is not percent-encoded UTF-8' })
  }
}

/** For metrics: `/api/0/organizations/:org/releases/`, not the path of each request. */
export function routeName({ path }: Route): string {
  return path.source
    .replace(/^\^|\$$/g, '')
    .replaceAll('\\/', '/')
    .replace(/\(\?<(\w+)>(?:[^()]|\([^()]*\))*\)/g, ':$1')
    .replaceAll('\\', '')
}
