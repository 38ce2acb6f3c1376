import type { Answer } from './answer.ts'
import type { Request } from './request.ts'

/** In the order of `Allow` headers. */
export const methods = ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS'] as const

export type Method = (typeof methods)[number]

/** `read` sees sources; `write` uploads, and sees of releases what upload clients ask for; `admin` may do all. */
export type Access = 'read' | 'write' | 'admin'

export type Handler = (request: Request) => Promise<Answer>

export interface Route {
  /** `GET` answers `HEAD` too. */
  method: Method
  /**
   * The whole path, percent-encoded, in the syntax of rou3: `:name` is one segment, `:name(…)` one that fits the expression.
   * A slash at its end is part of it.
   */
  path: string
  /** Answers with and without a slash at the end. */
  isSlashOptional?: boolean
  access: 'public' | Access
  /** Other origins whose pages may call it; they need a token where the server does. @default none */
  origins?: readonly string[]
  /** Answers whatever the `Host` header is, and without one: probes of HTTP/1.0 send none. */
  isForAnyHost?: boolean
  handle: Handler
}

/** For metrics: `/api/0/organizations/:org/releases/`, not the path of each request. */
export function routeName({ path }: Route): string {
  return path.replace(/\([^)]*\)/g, '')
}
