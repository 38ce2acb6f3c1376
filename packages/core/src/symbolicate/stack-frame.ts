/** A position in generated code, as an engine printed it. */
export interface StackFrame {
  /** As the engine names it; absent for anonymous functions. */
  function?: string
  /** True where the frame was resumed after an `await`: its position is not that of a call. */
  isAsync: boolean
  url: string
  /** From 1. */
  line: number
  /** From 0 (stacks print it from 1); absent where the engine gave none. */
  column?: number
}

/** What a parser for one engine makes of a line; undefined where the line is not one of its frames. */
export type ParsedFrame = StackFrame | 'native' | undefined

/** Where a frame stands in generated code. */
export type Location = Pick<StackFrame, 'url' | 'line' | 'column'>

/** Written out: spreading what may be absent takes microseconds, and logs are full of frames. */
export function createFrame(name: string | undefined, isAsync: boolean, { url, line, column }: Location): StackFrame {
  const frame: StackFrame = name ? { function: name, isAsync, url, line } : { isAsync, url, line }
  if (column !== undefined) frame.column = column
  return frame
}
