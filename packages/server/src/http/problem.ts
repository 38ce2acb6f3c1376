import { storeFailureOf } from '../store/failure.ts'

/** An answer other than success, to be thrown; its body is sent as JSON. */
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

/** The answer to an error that a handler threw; undefined if the error is a fault of the server. */
export function problemOf(cause: unknown): HttpProblem | undefined {
  if (cause instanceof HttpProblem) return cause
  if (!storeFailureOf(cause)) return undefined
  const detail = 'The vault cannot be used at the moment. Try again, or see the log of the server.'
  return new HttpProblem(503, { detail }, { 'Retry-After': '5' }, { cause })
}
