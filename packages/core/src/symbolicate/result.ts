import type { SourceContext } from './context.ts'
import type { StackFrame, StackLine } from './stack.ts'

export interface OriginalFrame {
  /** See `originalName` for where it comes from. */
  function?: string
  source: string
  /** From 1. */
  line: number
  /** From 0. */
  column: number
  /** The identifier at that position, where the map names it. */
  name?: string
  /** Whether the map's `ignoreList` names the source: a library, or the bundler's own code. */
  isIgnored: boolean
  /** Absent where the map does not hold the source. */
  context?: SourceContext
}

export type UnresolvedReason =
  | 'unknown-file'
  | 'unknown-debug-id'
  | 'no-map'
  | 'unreadable-map'
  | 'no-column'
  | 'no-mapping'

export interface ResolvedLine {
  kind: 'original'
  raw: string
  frame: StackFrame
  original: OriginalFrame
  /** The file that was found: its build's `id`, and its path below the output folder. */
  build: string
  path: string
  debugId: string
}

export interface UnresolvedLine {
  kind: 'unresolved'
  raw: string
  frame: StackFrame
  reason: UnresolvedReason
  /** For people. */
  message: string
}

export type SymbolicatedLine = Exclude<StackLine, { kind: 'frame' }> | ResolvedLine | UnresolvedLine

export interface Symbolicated {
  /** One for each line of the text, in order. */
  lines: SymbolicatedLine[]
  /** What a reader should know: names that several builds hold, a release that none has. For people. */
  notes: string[]
}
