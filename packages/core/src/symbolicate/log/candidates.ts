/** Where a line stands in a block of bytes. */
export interface LineRange {
  start: number
  /** Of its line break, or of the block. */
  end: number
}

const [NEWLINE, COLON, AT_SIGN, BACKSLASH, ZERO, NINE] = [0x0a, 0x3a, 0x40, 0x5c, 0x30, 0x39]
const AT = Buffer.from('at ')

/**
 * The next line that may hold a frame: one with `:12:34` somewhere after `at ` or `@`. Most lines of a log hold none, and this
 * looks at each of their bytes once, without making strings of them.
 */
export function nextCandidate(block: Buffer, from: number): LineRange | undefined {
  const { length } = block
  let start = from
  /** Up to where the line was searched for a mark. */
  let searched = from
  for (let at = from; at < length; at++) {
    const byte = block[at] as number
    // Letters, and most of the rest.
    if (byte > COLON) continue
    if (byte === NEWLINE) start = searched = at + 1
    else if (byte === COLON) {
      const end = placeEnd(block, at)
      if (end === 0) continue
      if (hasMark(block, searched, at)) return { start, end: lineEnd(block, end) }
      // A mark may have begun just before.
      searched = Math.max(searched, at - AT.length)
      at = end - 1
    }
  }
}

/** After `:12:3`, or 0 if there is none at the colon. */
function placeEnd(block: Buffer, colon: number): number {
  let at = colon + 1
  while (isDigit(block[at])) at++
  return at > colon + 1 && block[at] === COLON && isDigit(block[at + 1]) ? at + 1 : 0
}

function hasMark(block: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = block[at]
    if (byte === AT_SIGN) return true
    if (byte === AT[0] && block[at + 1] === AT[1] && block[at + 2] === AT[2] && !isInWord(block, at)) return true
  }
  return false
}

/** Whether a word, other than `n` or `t` after a backslash, goes on here. */
function isInWord(block: Buffer, at: number): boolean {
  if (at === 0) return false
  const before = String.fromCharCode(block[at - 1] as number)
  return /[\w$]/.test(before) && !(/[nt]/.test(before) && block[at - 2] === BACKSLASH)
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE
}

function lineEnd(block: Buffer, from: number): number {
  const next = block.indexOf(NEWLINE, from)
  return next < 0 ? block.length : next
}
