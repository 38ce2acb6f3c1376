const lineEnd = /[\n\r\u2028\u2029]|\xe2\x80[\xa8\xa9]/g
const blank = /[\s\ufeff]/

/**
 * Where the first statement of a script begins: after BOM, hashbang, comments and the whole directive prologue.
 * `'use strict'`, `'use client'` and licence comments therefore stay first. Works on text and on bytes read as
 * latin1 alike; the offset counts in the same units.
 */
export function prologueEnd(code: string): number {
  let at = code.startsWith('\ufeff') ? 1 : code.startsWith('\xef\xbb\xbf') ? 3 : 0
  if (code.startsWith('#!', at)) at = endOfLine(code, at)
  for (;;) {
    at = skipBlanks(code, at).at
    const end = directiveEnd(code, at)
    if (end === undefined) return at
    at = end
  }
}

/** The offset after a directive and its semicolon, or undefined where something else stands. */
function directiveEnd(code: string, at: number): number | undefined {
  const quote = code[at]
  if (quote !== '"' && quote !== "'") return undefined
  let end = at + 1
  while (end < code.length && code[end] !== quote) end += code[end] === '\\' ? 2 : 1
  end += 1
  const next = skipBlanks(code, end)
  if (code[next.at] === ';') return next.at + 1
  if (next.at >= code.length || code[next.at] === '}') return end
  return next.crossedLine && !continuesExpression(code, next.at) ? end : undefined
}

/** Whether the token at `at` would carry on an expression that ended on an earlier line (no semicolon is inserted). */
function continuesExpression(code: string, at: number): boolean {
  if (/^(?:\+\+|--|!(?!=))/.test(code.slice(at, at + 2))) return false
  return /^(?:[-+.,([`*/%=<>&|^?:!]|in(?:stanceof)?(?![\w$]))/.test(code.slice(at, at + 11))
}

function skipBlanks(code: string, from: number): { at: number; crossedLine: boolean } {
  let at = from
  let crossedLine = false
  while (at < code.length) {
    const char = code[at] as string
    if (blank.test(char)) {
      if (char === '\n' || char === '\r' || char === '\u2028' || char === '\u2029') crossedLine = true
      at += 1
    } else if (code.startsWith('\xe2\x80\xa8', at) || code.startsWith('\xe2\x80\xa9', at)) {
      crossedLine = true // U+2028 and U+2029, read as latin1.
      at += 3
    } else if (code.startsWith('//', at)) {
      at = endOfLine(code, at)
    } else if (code.startsWith('/*', at)) {
      const close = code.indexOf('*/', at + 2)
      const end = close < 0 ? code.length : close + 2
      if (hasLineEnd(code, at, end)) crossedLine = true
      at = end
    } else break
  }
  return { at, crossedLine }
}

function hasLineEnd(code: string, from: number, to: number): boolean {
  lineEnd.lastIndex = from
  const match = lineEnd.exec(code)
  return match !== null && match.index < to
}

function endOfLine(code: string, from: number): number {
  lineEnd.lastIndex = from
  return lineEnd.exec(code)?.index ?? code.length
}
