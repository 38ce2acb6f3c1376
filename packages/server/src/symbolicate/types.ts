import type { OriginalFrame, Symbolicated, UnresolvedReason } from '@mapseal/core/symbolicate'

/** A position in generated code. */
export interface FrameQuery {
  /** The script's debug ID, which takes precedence over its name. */
  debugId?: string
  /** The script's URL, or the end of its path. */
  file?: string
  /** From 1; 0 if the engine gave none. */
  line: number
  /** From 0; absent if the engine gave none. */
  column?: number
  /** As the engine names it. */
  function?: string
  /** True if the frame was resumed after an `await`: its position is not that of a call. */
  isAsync?: boolean
}

/** The release to look in first, and the only one for frames without a debug ID. */
export interface ReleaseQuery {
  name: string
  dist?: string
}

/**
 * A frame in the original source, or the reason why there is none. `native` is a frame without generated code, such as one
 * of the engine, WebAssembly or `node:`, to be shown as it came.
 */
export type ResolvedFrame =
  | {
      kind: 'original'
      original: OriginalFrame
      /** The script that was found: its path below the output folder. */
      path: string
      debugId: string
    }
  | {
      kind: 'unresolved'
      reason: UnresolvedReason
      /** For people. */
      message: string
    }
  | { kind: 'native' }

export interface Symbolicator {
  /** One for each frame, in order. The frames are those of one stack, the innermost first: names depend on neighbours. */
  frames(frames: FrameQuery[], release?: ReleaseQuery): Promise<ResolvedFrame[]>
  /** The same for a stack as text: one result for each line. */
  stack(text: string, options?: StackOptions): Promise<Symbolicated>
  /** Starts the threads; otherwise the first frames do. */
  warm(): void
  close(): Promise<void>
}

export interface StackOptions {
  release?: ReleaseQuery
  /** Debug IDs by the URL of the script or the end of its path, in addition to those in the text. */
  debugIds?: Record<string, string>
}

/** The body of `POST /api/symbolicate`. */
export type SymbolicateRequest = {
  release?: string
  dist?: string
} & ({ stack: string; debugIds?: Record<string, string> } | { frames: FrameQuery[] })

/** The answers to a `stack`, and to `frames`. */
export type SymbolicateAnswer = Symbolicated | { frames: ResolvedFrame[] }
