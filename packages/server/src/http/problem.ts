/** An answer other than success, thrown by whoever finds out; its body is sent as JSON. */
export class HttpProblem extends Error {
  override name = 'HttpProblem'
  status: number
  /** `{ detail }` or `{ error }`: clients print either. */
  body: object
  headers: Record<string, string>

  constructor(status: number, body: object, headers: Record<string, string> = {}) {
    super(`${status} ${JSON.stringify(body)}`)
    this.status = status
    this.body = body
    this.headers = headers
  }
}
