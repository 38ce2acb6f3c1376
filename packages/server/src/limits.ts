import type { RateLimit } from './http/rate-limit.ts'

export interface Limits {
  /** Of one chunk, decoded. */
  chunkBytes: number
  chunksPerRequest: number
  /** Of a request with chunks. */
  requestBytes: number
  /** Of an artifact bundle, and of all that it unpacks to. */
  bundleBytes: number
  unpackedBytes: number
  /** Of one file in it. */
  fileBytes: number
  manifestBytes: number
  entries: number
  /** Unpacked to packed: of one entry beyond a megabyte. */
  ratio: number
  /** Of a JSON body. */
  jsonBytes: number
  /** Of all bodies that are in memory at once. */
  heldBytes: number
  /** Of all uploads that lie in temporary files while they arrive. */
  spilledBytes: number
  connections: number
  /** Of all requests of one address, and of one token. */
  rate: RateLimit
  /** Of an address's requests with a wrong token. */
  failures: RateLimit
  /** Of a project's events. */
  events: RateLimit
}

export interface Timeouts {
  /** Until a request's headers are there. */
  headers: number
  /** Without a byte either way. */
  idle: number
  /** Until a request is there whole. */
  request: number
  /** What requests under way are given once the server is told to close. */
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
  rate: { perSecond: 1000, burst: 2000 },
  failures: { perSecond: 0.2, burst: 20 },
  events: { perSecond: 50, burst: 500 },
}

/** A timer of more milliseconds ends at once. */
export const longestTimeout: number = 2 ** 31 - 1

export const defaultTimeouts: Timeouts = { headers: 10_000, idle: 30_000, request: 600_000, close: 10_000 }
