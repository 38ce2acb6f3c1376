import type { IncomingHttpHeaders } from 'node:http'

export interface Settings {
  /** Delay of each answer, in milliseconds. */
  latencyMs: number
  /** Limit on incoming data, over all connections together; absent for no limit. */
  bytesPerSecond?: number
}

/** A request, kept as it came: reading it would cost time while others are measured. */
export interface Received {
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: Buffer
}

/** What the server received since it started or was last reset. */
export interface Traffic {
  requests: number
  /** Total size of request bodies, as sent. */
  bytes: number
  /** From the arrival of the first to the end of the last answer, in milliseconds; 0 without requests. */
  spanMs: number
  maxInFlight: number
  /** Source maps that arrived whole and, with Sentry, were assembled under a debug ID. */
  maps: number
  /** Checks that failed. */
  problems: string[]
}

/** What the runner asks of the server's process. */
export type Order = { order: 'settings'; settings: Settings } | { order: 'traffic' } | { order: 'clear' }
