import type { NameSource } from '@mapseal/core/symbolicate'

/** An event as the store keeps it: scrubbed, symbolicated, JSON. */
export interface StoredEvent {
  version: 1
  /** 32 hex characters. */
  id: string
  project: string
  /** See group.ts. */
  group: string
  /** ISO 8601, UTC. */
  receivedAt: string
  platform: string
  level: string
  release?: string
  dist?: string
  environment?: string
  transaction?: string
  url?: string
  sdk?: string
  runtime?: string
  tags: Record<string, string>
  /** The error that was thrown, then its causes. */
  exceptions: StoredException[]
}

export interface StoredException {
  type: string
  value: string
  /** Innermost first. */
  frames: StoredFrame[]
}

export interface StoredFrame {
  generated: Position
  original?: OriginalPosition & {
    /** See `OriginalFrame`. */
    namedBy?: NameSource
    /** The calls around it that the bundler inlined it into, the innermost first. */
    inlinedInto?: OriginalPosition[]
  }
  /** Why there is no original, for people; absent for frames that never have one, such as `node:internal/…`. */
  problem?: string
  /** The app's own frame, not a library's or the engine's. */
  isInApp: boolean
  /** Generated code, where the SDK sent it; shown only if there is no original. */
  context?: Excerpt
}

interface Position {
  file?: string
  /** From 1. */
  line?: number
  /** From 0. */
  column?: number
  function?: string
  debugId?: string
}

export interface OriginalPosition {
  source: string
  /** From 1. */
  line: number
  /** From 0. */
  column: number
  function?: string
  context?: Excerpt
}

/** Lines of a source; the first is line `firstLine`, from 1. */
export interface Excerpt {
  firstLine: number
  lines: string[]
}
