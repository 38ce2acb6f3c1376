/** A part of a line between two line breaks that are written as `\n`; offsets into the line. */
export interface Piece {
  start: number
  end: number
  /** How many strings it stands in: 0 outside of all, 2 for a string inside of one. */
  depth: number
}

/** A string inside a string doubles its backslashes, and escapes what it has. */
const BREAK = /(?<!\\)(\\{4}|\\{1,2})(?:r\1)?n(?=(\s+at )?)/g

/** The parts of a line; the whole of it where it is a frame itself, since a Windows path may hold `\n` too. */
export function pieces(line: string): Piece[] {
  const all = line.includes('\\') ? [...line.matchAll(BREAK)] : []
  if (all.length === 0 || /^\s*at [^"']*$/.test(line)) return [{ start: 0, end: line.length, depth: 0 }]
  const outermost = all.reduce((least, [, { length } = '']) => Math.min(least, length), 4)
  const breaks = all.filter(([, { length } = '', frame]) => length === outermost || frame !== undefined)
  const found: Piece[] = []
  let start = 0
  let depth = depthOf(outermost)
  for (const { index, 0: text, 1: backslashes = '' } of breaks) {
    found.push({ start, end: index, depth })
    start = index + text.length
    depth = depthOf(backslashes.length)
  }
  found.push({ start, end: line.length, depth })
  return found
}

function depthOf(backslashes: number): number {
  return Math.log2(backslashes) + 1
}
