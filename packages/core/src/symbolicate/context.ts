/** Lines of an original source around a position. */
export interface SourceContext {
  /** The number of the first of `lines`, from 1. */
  firstLine: number
  lines: string[]
}

/** @param line from 1 @param around lines before and after it */
export function sourceContext(content: string | undefined, line: number, around: number): SourceContext | undefined {
  const all = content?.split(/\r\n|[\n\r\u2028\u2029]/) ?? []
  if (all.length > line && all.at(-1) === '') all.pop()
  if (line > all.length) return
  const firstLine = Math.max(1, line - around)
  return { firstLine, lines: all.slice(firstLine - 1, line + around) }
}
