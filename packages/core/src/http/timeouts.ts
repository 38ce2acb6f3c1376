/** All in ms. */
export interface Timeouts {
  /** Until a connection stands, TLS included. @default 10_000 */
  connect: number
  /** From the last piece of the request that was taken to the response's headers. @default 30_000 */
  headers: number
  /** Without a byte of the response's body. @default 30_000 */
  body: number
  /** One call of `fetch`, all tries and the waits between them, but not the time in which a body moves out. @default 60_000 */
  exchange: number
  /** The wait before the second try; it doubles from try to try. @default 500 */
  backoff: number
}

export const defaultTimeouts: Timeouts = {
  connect: 10_000,
  headers: 30_000,
  body: 30_000,
  exchange: 60_000,
  backoff: 500,
}
