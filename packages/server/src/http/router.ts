import { addRoute, createRouter as createTree, findRoute } from 'rou3'
import { HttpProblem } from './problem.ts'
import { type Method, methods, type Route } from './route.ts'

export interface Router {
  /** The route of this method and path. @throws HttpProblem 400, 404, 405 */
  find(method: string, path: string): Match
}

export interface Match {
  route: Route
  /** Decoded. */
  params: Record<string, string>
}

export function createRouter(routes: readonly Route[]): Router {
  const tree = createTree<Route>()
  for (const route of routes) addRoute(tree, route.method, route.path, route)

  function lookUp(method: Method, path: string) {
    const match = findRoute(tree, method, path)
    return match && fitsSlash(match.data, path) ? match : undefined
  }

  return {
    find(method, path) {
      const allowed = methods.filter(method => lookUp(method, path))
      if (allowed.length === 0) throw new HttpProblem(404, { detail: 'The requested resource does not exist' })
      const wanted = method === 'HEAD' ? 'GET' : method
      const match = allowed.includes(wanted as Method) ? lookUp(wanted as Method, path) : undefined
      if (match) return { route: match.data, params: decode(match.params ?? {}) }
      const listed = [...allowed, ...(allowed.includes('GET') ? ['HEAD'] : [])].join(', ')
      throw new HttpProblem(405, { detail: `Method "${method}" not allowed.` }, { Allow: listed })
    },
  }
}

/** rou3 ignores a slash at the end; here it is part of the path. */
function fitsSlash({ path: pattern, isSlashOptional = false }: Route, path: string): boolean {
  return isSlashOptional || pattern.endsWith('/') === path.endsWith('/')
}

function decode(params: Record<string, string>): Record<string, string> {
  try {
    return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, decodeURIComponent(value)]))
  } catch {
    throw new HttpProblem(400, { detail: 'The path is not percent-encoded UTF-8' })
  }
}
