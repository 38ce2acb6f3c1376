import { withoutColours } from './colours.ts'
import type { Steps } from './scan.ts'
import type { StackFrame } from './stack-frame.ts'
import { parseMozilla } from './stack-mozilla.ts'
import { parseV8 } from './stack-v8.ts'

/**
 * A line of stack text. `native` is a frame without generated code, such as `at Array.map (<anonymous>)`; `text` is
 * everything that is not a frame: messages, causes, blank lines. `raw` is the line as it stood.
 */
export type StackLine =
  | { kind: 'frame'; raw: string; frame: StackFrame }
  | { kind: 'native'; raw: string }
  | { kind: 'text'; raw: string }

/**
 * Reads the stack text of V8 (Chromium, Node, Deno), Bun, Hermes, SpiderMonkey (Firefox) and JavaScriptCore (Safari), also
 * several stacks in one text, as errors with causes and aggregate errors print them.
 *
 * @param steps counts the characters that were looked at
 */
export function parseStack(text: string, steps: Steps = { count: 0 }): StackLine[] {
  return text.split('\n').map(raw => parseLine(raw.endsWith('\r') ? raw.slice(0, -1) : raw, steps))
}

/** A longer line is not a frame. */
const LONGEST_LINE = 4096

function parseLine(raw: string, steps: Steps): StackLine {
  steps.count += Math.min(raw.length, LONGEST_LINE)
  if (raw.length > LONGEST_LINE) return { kind: 'text', raw }
  const line = withoutColours(raw).trim()
  const frame = parseV8(line, steps) ?? parseMozilla(line, steps)
  if (frame === undefined) return { kind: 'text', raw }
  return frame === 'native' ? { kind: 'native', raw } : { kind: 'frame', raw, frame }
}
