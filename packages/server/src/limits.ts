import type { RateLimit } from './http/rate-limit.ts'

export interface Limits {
  /** Maximum size of one chunk, decoded. */
  chunkBytes: number
  chunksPerRequest: number
  /** Maximum size of a request with chunks. */
  requestBytes: number
  /** Maximum size of an artifact bundle. */
  bundleBytes: number
  /** Maximum size of all that a bundle unpacks to. */
  unpackedBytes: number
  /** Maximum size of one file in a bundle. */
  fileBytes: number
  manifestBytes: number
  entries: number
  /** Maximum compression (unpacked to packed) of an entry over a megabyte. */
  ratio: number
  /** Maximum size of a JSON body. */
  jsonBytes: number
  /** Maximum size of all bodies in memory at once. */
  heldBytes: number
  /** Maximum size of all uploads in temporary files while they arrive. */
  spilledBytes: number
  connections: number
  /** Maximum number of connections from one address; trusted proxies are exempt. */
  connectionsPerAddress: number
  /** For all requests without a valid token of one address, and for all of one token. */
  rate: RateLimit
  /** For requests with a wrong token from one address. */
  failures: RateLimit
  /** For the events of one project. */
  events: RateLimit
  /** For those of one address. */
  eventsPerAddress: RateLimit
  /** For those of one address that start a new group. */
  newGroupsPerAddress: RateLimit
}

export interface Timeouts {
  /** For the headers of a request to arrive. */
  headers: number
  /** For a connection on which nothing is sent or received. */
  idle: number
  /** For a whole request to arrive. */
  request: number
  /** For requests in progress to finish when the server closes. */
  close: number
}

const MiB = 1 << 20

export const defaultLimits: Limits = {
  chunkBytes: 8 * MiB,
  chunksPerRequest: 64,
  requestBytes: 32 * MiB,
  bundleBytes: 2048 * MiB,
  unpackedBytes: 4096 * MiB,
  fileBytes: 256 * MiB,
  manifestBytes: 16 * MiB,
  entries: 50_000,
  ratio: 200,
  jsonBytes: 4 * MiB,
  heldBytes: 256 * MiB,
  spilledBytes: 4096 * MiB,
  connections: 2000,
  connectionsPerAddress: 500,
  rate: { perSecond: 1000, burst: 2000 },
  failures: { perSecond: 0.2, burst: 20 },
  events: { perSecond: 50, burst: 500 },
  eventsPerAddress: { perSecond: 20, burst: 200 },
  newGroupsPerAddress: { perSecond: 0.1, burst: 30 },
}

/** In ms. A longer timer would fire at once. */
export const longestTimeout: number = 2 ** 31 - 1

export const defaultTimeouts: Timeouts = { headers: 10_000, idle: 30_000, request: 600_000, close: 10_000 }
