import type { LoggedFrame } from './frames.ts'
import { decode, findFrames } from './frames.ts'

/**
 * The stacks in a log as engines print them, a frame to a line: without what a logger puts before each line, out of the
 * strings of JSON, and where a stack is on one line. All other lines stay.
 */
export function expandLog(text: string): string {
  return text.split('\n').map(expandLine).join('\n')
}

/** A longer one is a bundle or a data URL. */
const LONGEST_LINE = 1_000_000

function expandLine(line: string): string {
  if (line.length > LONGEST_LINE || !/:\d/.test(line)) return line
  const frames = findFrames(line)
  const [first] = frames
  if (!first) return line
  if (first.depth === 0) return expandPlain(line, frames, first)
  // Escaped, but not in strings of JSON: decoded, it is a text of its own.
  if (!HOLDS_STRINGS.test(line) || afterQuote(line, first.start, quoteOf(first.depth)) === 0) {
    return expandLog(decode(line, first.depth))
  }
  return expandStrings(line, frames)
}

const HOLDS_STRINGS = /[{[:=,]\s*\\*"/

function expandPlain(line: string, frames: LoggedFrame[], first: LoggedFrame): string {
  const before = line.slice(0, first.start)
  if (before.trim() === '' && frames.length === 1) return line
  const shown = frames.map(({ start, end }) => `    ${line.slice(start, end)}`)
  // A message is followed by one blank, the prefix of a logger by the frame's own indentation.
  const isMessage = frames.length > 1 || /\S $/.test(before)
  return [...(isMessage && /\w/.test(before) ? [before.trimEnd()] : []), ...shown].join('\n')
}

/** The line with `…` for each string that holds a stack, then the text of these. */
function expandStrings(line: string, frames: LoggedFrame[]): string {
  const stacks: string[] = []
  let rest = ''
  let at = 0
  for (const { start, end, depth } of frames) {
    if (start < at) continue
    const quote = quoteOf(depth)
    const from = Math.max(at, afterQuote(line, start, quote))
    const to = beforeQuote(line, end, quote)
    stacks.push(decode(line.slice(from, to), depth).trimEnd())
    rest += `${line.slice(at, from)}…`
    at = to
  }
  return [rest + line.slice(at), ...stacks].join('\n')
}

/** How a string at that depth begins and ends: `"`, `\"`, `\\\"`. */
function quoteOf(depth: number): string {
  return `${'\\'.repeat(2 ** (depth - 1) - 1)}"`
}

function afterQuote(line: string, before: number, quote: string): number {
  for (let at = line.lastIndexOf(quote, before); at >= 0; at = at > 0 ? line.lastIndexOf(quote, at - 1) : -1) {
    if (line[at - 1] !== '\\') return at + quote.length
  }
  return 0
}

function beforeQuote(line: string, after: number, quote: string): number {
  for (let at = line.indexOf(quote, after); at >= 0; at = line.indexOf(quote, at + 1)) {
    if (line[at - 1] !== '\\') return at
  }
  return line.length
}
