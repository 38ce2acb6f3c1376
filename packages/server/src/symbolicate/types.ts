import type { OriginalFrame, Symbolicated, UnresolvedReason } from '@mapseal/core/symbolicate'

/** A position in generated code. */
export interface FrameQuery {
  /** Of the script; goes before its name. */
  debugId?: string
  /** The script's URL, or the end of its path. */
  file?: string
  /** From 1; 0 where the engine gave none. */
  line: number
  /** From 0; absent where the engine gave none. */
  column?: number
  /** As the engine names it. */
  function?: string
  /** True where the frame was resumed after an `await`: its position is not that of a call. */
  isAsync?: boolean
}

/** Names a version, to look in its builds first, and for frames without a debug ID in them alone. */
export interface ReleaseQuery {
  name: string
  dist?: string
}

/**
 * What a frame was in the original source, or why that cannot be said. `native` is a frame without generated code: of the
 * engine, of WebAssembly, of `node:` and its kin; it is to be shown as it came.
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
  /** The same for stack text: one line for each of its own. */
  stack(text: string, options?: StackOptions): Promise<Symbolicated>
  /** Starts the threads; else the first frames do. */
  warm(): void
  close(): Promise<void>
}

export interface StackOptions {
  release?: ReleaseQuery
  /** Debug IDs by the URL of the script or the end of its path; those in the text itself are found without. */
  debugIds?: Record<string, string>
}

/** The body of `POST /api/symbolicate`. */
export type SymbolicateRequest = {
  release?: string
  dist?: string
} & ({ stack: string; debugIds?: Record<string, string> } | { frames: FrameQuery[] })

/** What is answered to a `stack`, and to `frames`. */
export type SymbolicateAnswer = Symbolicated | { frames: ResolvedFrame[] }
