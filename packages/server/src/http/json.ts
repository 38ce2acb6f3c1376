import { HttpProblem } from './problem.ts'

/**
 * Parses JSON from outside. Its depth is at most `maxDepth`, so that recursion over it cannot overflow the stack, and it has
 * no own `__proto__` keys, so that copying it cannot change a prototype.
 *
 * @throws HttpProblem 400
 */
export function parseJson(source: string, maxDepth = 64): unknown {
  if (isDeeper(source, maxDepth)) throw new HttpProblem(400, { detail: `JSON is nested deeper than ${maxDepth}` })
  let value: unknown
  try {
    value = JSON.parse(source)
  } catch {
    throw new HttpProblem(400, { detail: 'Invalid json body' })
  }
  // The underscores may be escaped. If neither spelling is in the text, there is nothing to remove.
  if (/__proto__|\\u005f/i.test(source)) dropPrototypeKeys(value)
  return value
}

/** Recursion is bounded, because the depth was checked before. */
function dropPrototypeKeys(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  if (Object.hasOwn(value, '__proto__')) Reflect.deleteProperty(value, '__proto__')
  for (const inner of Object.values(value)) dropPrototypeKeys(inner)
}

const quote = 0x22
const backslash = 0x5c

function isDeeper(source: string, maxDepth: number): boolean {
  let depth = 0
  for (let at = 0; at < source.length; at++) {
    const char = source.charCodeAt(at)
    if (char === quote) at = endOfString(source, at + 1)
    else if (char === 0x5b || char === 0x7b) {
      if (++depth > maxDepth) return true
    } else if (char === 0x5d || char === 0x7d) depth--
  }
  return false
}

/** The index of the closing quote. */
function endOfString(source: string, from: number): number {
  for (let at = source.indexOf('"', from); at !== -1; at = source.indexOf('"', at + 1)) {
    let slashes = 0
    while (source.charCodeAt(at - 1 - slashes) === backslash) slashes++
    if (slashes % 2 === 0) return at
  }
  return source.length
}
