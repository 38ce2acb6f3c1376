import type { Bytes } from '../types.ts'

/** Bytes on each side of a `dsn:` that are looked at; an SDK's options are seldom longer. */
const reach = 4000

/** An SDK is set up once or twice; a script that has the word more often has it for other reasons. */
const most = 10

const mark = Buffer.from('dsn')

/**
 * The release that a script gives to an error tracker's SDK in the call that has its `dsn`, if it is a literal there; `'undefined'`
 * if it is written so. A variable in its place says nothing, and a `release` in any other call is not the SDK's.
 */
export function namedRelease(code: Bytes): string | undefined {
  const bytes = Buffer.from(code.buffer, code.byteOffset, code.byteLength)
  let found = 0
  for (let at = bytes.indexOf(mark); at >= 0 && found < most; at = bytes.indexOf(mark, at + mark.length)) {
    if (!/^dsn["']?\s*:/.test(bytes.toString('latin1', at, at + 12))) continue
    found += 1
    const start = Math.max(0, at - reach)
    const name = releaseAround(bytes.toString('utf8', start, at), bytes.toString('utf8', at, at + reach))
    if (name !== undefined) return name
  }
  return undefined
}

/** Tries the calls that begin before the `dsn`, the nearest first: in the right one it is a key of the first argument itself. */
function releaseAround(before: string, after: string): string | undefined {
  for (let open = before.lastIndexOf('({'), tries = 0; open >= 0 && tries < 8; tries += 1) {
    const keys = keysOf(before.slice(open + 2) + after)
    if (keys.has('dsn')) return literalOf(keys.get('release'))
    open = open > 0 ? before.lastIndexOf('({', open - 1) : -1
  }
  return undefined
}

/** The keys of an object literal, each with the text of its value; up to its end, or that of the text. */
function keysOf(text: string): Map<string, string> {
  const keys = new Map<string, string>()
  let depth = 0
  let start = 0
  for (let at = 0; at <= text.length; at += 1) {
    const character = text[at] ?? '}'
    if (/["'`]/.test(character)) at = endOfString(text, at)
    else if (/[([{]/.test(character)) depth += 1
    else if (depth === 0 && /[,}]/.test(character)) {
      const property = text.slice(start, at)
      const [head, key] = /^\s*["']?(\w+)["']?\s*:/.exec(property) ?? []
      if (head && key) keys.set(key, property.slice(head.length).trim())
      if (character === '}') break
      start = at + 1
    } else if (/[)\]}]/.test(character)) depth -= 1
  }
  return keys
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1
    else if (text[at] === text[start]) return at
  }
  return text.length
}

function literalOf(value: string | undefined): string | undefined {
  if (value === undefined) return undefined
  if (value === 'void 0' || value === 'undefined') return 'undefined'
  const [, , text] = /^(["'`])((?:(?!\1)[^\\$])*)\1$/.exec(value) ?? []
  return text || undefined
}
