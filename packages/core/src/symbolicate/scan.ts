import type { Location } from './stack-frame.ts'

/**
 * Characters that reading a stack has looked at. Stack text is hostile input to a server, so it is read by searches that are
 * counted, not by expressions that may turn back: a test holds the sum against the length of the text.
 */
export interface Steps {
  count: number
}

/** `indexOf`, counted. */
export function find(text: string, needle: string, from: number, steps: Steps): number {
  const at = text.indexOf(needle, from)
  steps.count += (at < 0 ? text.length : at) - Math.min(from, text.length) + 1
  return at
}

/** `url:line:column`, or with `isColumnOptional` also `url:line`; numbers from 1, as stacks print them. */
export function parseLocation(text: string, steps: Steps, isColumnOptional = false): Location | undefined {
  const last = numberAtEnd(text, text.length, steps)
  if (!last) return
  const first = numberAtEnd(text, last.colon, steps)
  if (first) return { url: text.slice(0, first.colon), line: first.value, column: Math.max(0, last.value - 1) }
  return isColumnOptional ? { url: text.slice(0, last.colon), line: last.value } : undefined
}

/** No engine counts further. */
const MOST_DIGITS = 10

/** The number that ends at `end` after a colon. */
function numberAtEnd(text: string, end: number, steps: Steps): { value: number; colon: number } | undefined {
  let at = end
  while (at > 0 && end - at < MOST_DIGITS && isDigit(text.charCodeAt(at - 1))) at--
  steps.count += end - at + 1
  return at < end && text[at - 1] === ':' ? { value: Number(text.slice(at, end)), colon: at - 1 } : undefined
}

export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}

/** Whether a URL or an absolute path begins at `at`: `https:/`, `blob:http`, `/`, `C:\`. */
export function isPlaceAt(text: string, at: number, steps: Steps): boolean {
  if (text[at] === '/' || text.startsWith('./', at)) return true
  const start = text.slice(at, at + LONGEST_SCHEME)
  steps.count += start.length
  return /^(?:(?:blob:)?[a-z][a-z\d+.-]*:\/|blob:|[A-Z]:\\)/.test(start)
}

const LONGEST_SCHEME = 40
