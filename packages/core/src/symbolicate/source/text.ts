import type { SourceContext } from '../context.ts'
import { componentScripts } from './component.ts'
import type { SourceFunctions } from './functions.ts'
import { findFunctions } from './functions.ts'

/** An original source, with what was found in it. */
export interface SourceText {
  /** @param line from 1 @param around lines before and after it */
  context(line: number, around: number): SourceContext | undefined
  /**
   * The function around a position, without `name` where it has none of its own or the position is outside of all; undefined
   * where it is unknown. @param line from 1 @param column from 0
   */
  functionAt(line: number, column: number): { name?: string } | undefined
  readonly size: number
}

/** Longest source in which functions are looked for; longer ones are bundles themselves, or not written by people. */
const LONGEST = 1_000_000

/** @param path of the source, whose ending says where its script lies */
export function createSourceText(content: string, path: string): SourceText {
  let starts: Uint32Array | undefined
  let functions: SourceFunctions | undefined
  let component: ReturnType<typeof componentScripts> | 'none'

  function lineStarts(): Uint32Array {
    starts ??= findLineStarts(content)
    return starts
  }

  return {
    context(line, around) {
      const starts = lineStarts()
      if (line < 1 || line > starts.length) return
      const firstLine = Math.max(1, line - around)
      const lines: string[] = []
      for (let number = firstLine; number <= Math.min(starts.length, line + around); number++) {
        lines.push(
          content.slice(starts[number - 1], starts[number] ?? content.length).replace(/[\r\n\u2028\u2029]+$/, ''),
        )
      }
      // What follows the last line break is not a line, unless the caller asks for it.
      if (lines.at(-1) === '' && firstLine + lines.length - 1 === starts.length && line < starts.length) lines.pop()
      return { firstLine, lines }
    },
    functionAt(line, column) {
      const start = lineStarts()[line - 1]
      if (start === undefined || content.length > LONGEST) return
      component ??= componentScripts(content, path) ?? 'none'
      const scripts = component === 'none' ? undefined : component
      functions ??= findFunctions(scripts?.text ?? content)
      const at = start + column
      return functions.at(at) ?? scripts?.functionAt(at) ?? {}
    },
    get size() {
      return content.length * 2 + (starts?.byteLength ?? 0) + (functions?.size ?? 0)
    },
  }
}

function findLineStarts(content: string): Uint32Array {
  const starts = [0]
  if (/[\r\u2028\u2029]/.test(content)) {
    for (const { index, 0: end } of content.matchAll(/\r\n|[\n\r\u2028\u2029]/g)) starts.push(index + end.length)
  } else {
    for (let at = content.indexOf('\n'); at >= 0; at = content.indexOf('\n', at + 1)) starts.push(at + 1)
  }
  return Uint32Array.from(starts)
}
