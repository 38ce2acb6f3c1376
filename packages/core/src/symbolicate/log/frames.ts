import { placeAmidColours, withoutColours } from '../colours.ts'
import type { Steps } from '../scan.ts'
import type { StackFrame } from '../stack-frame.ts'
import { parseMozilla } from '../stack-mozilla.ts'
import { parseV8 } from '../stack-v8.ts'
import { pieces } from './pieces.ts'

/** A frame inside a line of a log; offsets into the line. */
export interface LoggedFrame {
  start: number
  end: number
  frame: StackFrame
  /** How many JSON strings it stands in, each inside the other. */
  depth: number
}

/** Longest frame that is looked for. */
const LONGEST = 4096
const MOST_INSIDE = 4
/** Looking back and ahead from each costs up to {@link LONGEST} steps. */
const MOST = 1000

/** The frames in a line, whatever stands around them: a prefix of the logger's, quotes, a string of JSON, other frames. */
export function findFrames(line: string): LoggedFrame[] {
  const found: LoggedFrame[] = []
  for (const piece of pieces(line)) {
    if (found.length >= MOST) break
    const { start } = piece
    for (const frame of framesIn(line.slice(start, piece.end), piece.depth)) {
      found.push({ ...frame, start: start + frame.start, end: start + frame.end })
    }
  }
  return found
}

/** The frames in one piece of a line; offsets into the piece. */
export function framesIn(piece: string, depth: number): LoggedFrame[] {
  const plain = withoutColours(piece)
  const frames = plainFramesIn(plain, depth)
  if (plain === piece) return frames
  const placed = ({ start, end, ...rest }: LoggedFrame) => ({
    ...rest,
    start: placeAmidColours(piece, start),
    end: placeAmidColours(piece, end - 1) + 1,
  })
  return frames.map(placed)
}

function plainFramesIn(piece: string, depth: number): LoggedFrame[] {
  const steps = { count: 0 }
  const frames = v8Frames(piece, steps, depth)
  const single = frames.length === 0 ? mozillaFrame(piece, steps, depth) : undefined
  return single ? [single] : frames
}

/** Frames that begin with `at `; there are several in a stack on one line. */
function v8Frames(piece: string, steps: Steps, depth: number): LoggedFrame[] {
  const starts: number[] = []
  for (let at = piece.indexOf('at '); at >= 0 && starts.length < MOST; at = piece.indexOf('at ', at + 3)) {
    if (!/(?<!\\)[\w$]$/.test(piece.slice(Math.max(0, at - 2), at))) starts.push(at)
  }
  const found: LoggedFrame[] = []
  for (const [index, start] of starts.entries()) {
    if (start < (found.at(-1)?.end ?? 0)) continue
    // A function may be called `at`, as may a word in a path; `eval at` is a part of a frame.
    for (const next of [starts[index + 1] ?? piece.length, starts[index + MOST_INSIDE] ?? piece.length]) {
      const text = piece.slice(start, Math.min(next, start + LONGEST))
      const parsed = parseCut(text, depth, cut => parseV8(cut, steps))
      if (!parsed) continue
      found.push({ start, end: start + parsed.length, frame: parsed.frame, depth })
      break
    }
  }
  return found.filter(({ start, end }) => found.length > 1 || isMarked(piece, start, end))
}

/** Not the words of a message, such as `look at https://a.io:1:2`. */
function isMarked(piece: string, start: number, end: number): boolean {
  return piece[end - 1] === ')' || start === 0 || !/[\w,.] $/.test(piece.slice(Math.max(0, start - 2), start))
}

/** `function@url:1:2` at the end of the piece. */
function mozillaFrame(piece: string, steps: Steps, depth: number): LoggedFrame | undefined {
  const at = piece.lastIndexOf('@')
  if (at < 0 || piece.length - at > LONGEST) return
  for (const start of [labelStart(piece, at), piece.search(/\S/)]) {
    if (start < 0 || at - start > LONGEST) continue
    const parsed = parseCut(piece.slice(start), depth, cut => parseMozilla(cut, steps))
    if (parsed) return { start, end: start + parsed.length, frame: parsed.frame, depth }
  }
}

/** Labels have no blanks, but for what Firefox and Safari write before some. */
function labelStart(piece: string, at: number): number {
  const before = piece.slice(Math.max(0, at - LONGEST), at)
  const own =
    /(?:(?:setTimeout handler|setInterval handler|promise callback|async )\*?)?[^\s"']*$|(?:global|module|eval) code$/
  return at - (own.exec(before)?.[0].length ?? 0)
}

/** Without what follows a frame: blanks, and the end of the string it stands in. */
function parseCut(
  text: string,
  depth: number,
  parse: (text: string) => StackFrame | 'native' | undefined,
): { frame: StackFrame; length: number } | undefined {
  const quote = text.search(/["'`]/)
  const place = /^[^\n]{0,4000}?:\d{1,10}(?::\d{1,10})?\)*/.exec(text)?.[0].length ?? 0
  for (const end of [text.length, quote, place]) {
    if (end <= 0) continue
    const cut = text
      .slice(0, end)
      .replace(/[\s\\]+$/, '')
      .replace(/(?<=\d|\)) \{$|,$/, '')
    const frame = parse(depth === 0 ? cut : decode(cut, depth))
    if (!frame || frame === 'native') continue
    if (SCRIPT.test(frame.url) && (frame.column !== undefined || FILE.test(frame.url)))
      return { frame, length: cut.length }
  }
}

const FILE = /\.(?:[cm]?jsx?|bundle|html?)(?:[?#].*)?$/i

/** Text has much that looks like a place: `at 10:15:00`. */
const SCRIPT =
  /^(?:(?:blob:)?[a-z][a-z\d+.-]*:\/|blob:|\.?\/|[A-Z]:\\)[^"`]*$|^[^"`\s]+\.(?:[cm]?jsx?|bundle|html?)(?:[?#]|$)/i

/** The text of a part of a JSON string inside `depth` others; unlike `JSON.parse`, of what is not quite JSON too. */
export function decode(text: string, depth: number): string {
  let decoded = text
  for (let i = 0; i < depth && decoded.includes('\\'); i++) {
    decoded = decoded.replace(/\\(?:u([\da-f]{4})|(.))/gi, (all, code?: string, escaped = '') => {
      if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16))
      return ESCAPES[escaped] ?? (/["'\\/]/.test(escaped) ? escaped : all)
    })
  }
  return decoded
}

const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' }

export function encode(text: string, depth: number): string {
  let encoded = text
  for (let i = 0; i < depth; i++) encoded = JSON.stringify(encoded).slice(1, -1)
  return encoded
}
