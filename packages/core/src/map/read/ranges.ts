import { readUnsigned } from '../vlq.ts'
import type { Cursor } from './cursor.ts'

/** The `rangeMappings` of a map (a proposal of ECMA-426): which mappings hold for all code up to the next one, offset by offset. */
export interface Ranges {
  /** @param index of the mapping among those of its line */
  has(line: number, index: number): boolean
}

const COMMA = 0x2c
const SEMICOLON = 0x3b

/** @throws SyntaxError where they are broken */
export function readRanges(bytes: Uint8Array, start: number, end: number): Ranges {
  const lines = new Map<number, Set<number>>()
  let line = 0
  let index = 0
  for (let at = start; at < end; ) {
    if (bytes[at] === SEMICOLON) {
      line += 1
      index = 0
      at += 1
      continue
    }
    const number = readUnsigned(bytes, at)
    if (number.end < 0 || number.end > end) throw new SyntaxError(`the range mappings are broken at byte ${at}`)
    index += number.value
    const indices = lines.get(line) ?? new Set()
    lines.set(line, indices.add(index))
    at = number.end
  }
  return { has: (line, index) => lines.get(line)?.has(index) === true }
}

/** The mapping that ends before a place in `mappings`: its line, its index there, and whether it has an original. */
export interface Before {
  line: number
  index: number
  isMapped: boolean
}

/** Reads back from a cursor to the last mapping before it, on its line or on an earlier one. */
export function mappingBefore(bytes: Uint8Array, start: number, { at, line }: Cursor): Before | undefined {
  let end = at
  let ofLine = line
  for (; end > start && (bytes[end - 1] === SEMICOLON || bytes[end - 1] === COMMA); end--)
    if (bytes[end - 1] === SEMICOLON) ofLine -= 1
  if (end === start) return undefined
  let index = 0
  let fields = 0
  for (let i = end - 1; i >= start && bytes[i] !== SEMICOLON; i--) {
    if (bytes[i] === COMMA) index += 1
    else if (index === 0 && isLastDigit(bytes[i] as number)) fields += 1
  }
  return { line: ofLine, index, isMapped: fields > 1 }
}

/** The base64 digits below 32 end a number. */
function isLastDigit(code: number): boolean {
  return code >= 0x41 && (code <= 0x5a || (code >= 0x61 && code <= 0x66))
}
