import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { originalPositionFor, type TraceMap } from '@jridgewell/trace-mapping'
import type { StackFrame } from '@mapseal/core/symbolicate'

const app = join(import.meta.dirname, 'app')

/** The names that the function on a marked line may have, by file and line: `react.tsx:6`. `-` is none. */
export function readMarks(): Map<string, string[]> {
  const marks = new Map<string, string[]>()
  for (const file of readdirSync(app)) {
    for (const [index, line] of readFileSync(join(app, file), 'utf8').split('\n').entries()) {
      const [, names] = /\/\/= (\S+)/.exec(line) ?? []
      if (names) marks.set(`${file}:${index + 1}`, names.split('|'))
    }
  }
  return marks
}

/** The file and line that a frame leads to, by a reader that is not ours. */
export function placeOf(frame: StackFrame, map: TraceMap): string | undefined {
  const { source, line } = originalPositionFor(map, { line: frame.line, column: frame.column ?? 0 })
  return source === null ? undefined : `${source.replace(/^.*\//, '')}:${line}`
}

/** Whether a reader's name is one of these; what engines write before a name does not count. */
export function isRight(name: string | undefined, expected: string[]): boolean {
  const bare = (name ?? '').replace(/^(?:async |new |get |set )+/, '').replace(/^(?:[\w$]+\.)+(?=[^.]+$)/, '')
  return expected.includes(bare === '' || bare === '<anonymous>' ? '-' : bare)
}
