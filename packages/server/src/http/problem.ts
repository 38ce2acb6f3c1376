import { storeFailureOf } from '../store/failure.ts'

/** An answer other than success, thrown by whoever finds out; its body is sent as JSON. */
export class HttpProblem extends Error {
  override name = 'HttpProblem'
  status: number
  /** `{ detail }` or `{ error }`: clients print either. */
  body: object
  headers: Record<string, string>

  constructor(status: number, body: object, headers: Record<string, string> = {}, options?: { cause: unknown }) {
    super(`${status} ${JSON.stringify(body)}`, options)
    this.status = status
    this.body = body
    this.headers = headers
  }
}

/** What to answer to whatever a handler threw; undefined where it is a fault of ours. */
export function problemOf(cause: unknown): HttpProblem | undefined {
  if (cause instanceof HttpProblem) return cause
  if (!storeFailureOf(cause)) return undefined
  const detail = 'The vault cannot be used at the moment. Try again, or see the log of the server.'
  return new HttpProblem(503, { detail }, { 'Retry-After': '5' }, { cause })
}
