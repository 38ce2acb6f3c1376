import type { SourceContext } from './context.ts'
import type { StackLine } from './stack.ts'
import type { StackFrame } from './stack-frame.ts'

/** A position in an original source, and the function that it is in. */
export interface OriginalCall {
  /** See `originalName` for where it comes from. */
  function?: string
  source: string
  /** From 1. */
  line: number
  /** From 0. */
  column: number
  /** Whether the map's `ignoreList` names the source: a library, or the bundler's own code. */
  isIgnored: boolean
  /** Absent where the map does not hold the source. */
  context?: SourceContext
}

/** Where a function's name is from, most trustworthy first; only the first two are sure to be the function's own. */
export type NameSource = 'scopes' | 'source' | 'engine' | 'caller'

export interface OriginalFrame extends OriginalCall {
  /** Absent where `function` is. */
  namedBy?: NameSource
  /** The identifier at that position, where the map names it. */
  name?: string
  /**
   * The calls around it that have no frame of their own because the bundler put the function's body in their place, the
   * innermost first; known from the map's `scopes` alone.
   */
  inlinedInto?: OriginalCall[]
}

export type UnresolvedReason =
  | 'unknown-file'
  | 'unknown-debug-id'
  | 'no-map'
  | 'unreadable-map'
  | 'no-column'
  | 'no-mapping'
  | 'too-large'
  | 'too-slow'
  | 'busy'

export interface ResolvedLine {
  kind: 'original'
  raw: string
  frame: StackFrame
  original: OriginalFrame
  /** The `id` of the build that was looked in; a server does not say it. */
  build?: string
  /** The name of that build's release. */
  release?: string
  /** The commit that was built; a server does not say it. */
  commit?: string
  /** The file that was found, below the output folder. */
  path: string
  /** That folder, relative to the project's root; a server does not say it. */
  outDir?: string
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
