import type { OriginalPosition } from '@mapseal/core/symbolicate'

/** What a worker sends once it can take jobs, before anything else. */
export interface Ready {
  kind: 'ready'
}

/** From the pool to a worker. One is answered before the next is sent. */
export interface Job {
  /** Identifies the map and the generated file that it is for. */
  key: string
  path: string
  /** The map; absent if the worker may have it already. */
  bytes?: Uint8Array
  /** Lines from 1, columns from 0. */
  positions: { line: number; column: number }[]
  /** Source lines before and after each position. */
  around: number
}

/** A worker's answer to a {@link Job}: `missing` where it needs the bytes. */
export type Reply =
  | { kind: 'positions'; positions: PositionReply[] }
  | { kind: 'missing' }
  | { kind: 'unreadable'; message: string }

/** Nothing is mapped at the position, or the map is broken before it. */
export type PositionReply = OriginalPosition | { isMapped: false; message?: string }
