/** One member of a JSON object, as offsets into its bytes. `start` and `end` enclose the value, quotes and all. */
export interface Member {
  key: string
  keyStart: number
  start: number
  end: number
}

const quote = 0x22
const backslash = 0x5c

/**
 * The members of the object that opens at `at`, without parsing any value: strings are crossed by searching for quotes,
 * so 30 MB of `sourcesContent` cost milliseconds. @throws SyntaxError where the structure is broken.
 */
export function* members(json: Buffer, at: number): Generator<Member> {
  let i = expect(json, at, '{')
  if (json[i] === code('}')) return
  for (;;) {
    const keyStart = i
    const keyEnd = stringEnd(json, i)
    const key = json.toString('utf8', keyStart + 1, keyEnd - 1)
    const start = expect(json, skipSpace(json, keyEnd), ':')
    const end = valueEnd(json, start)
    yield { key, keyStart, start, end }
    i = skipSpace(json, end)
    if (json[i] === code('}')) return
    i = expect(json, i, ',')
  }
}

/** All members of the object at `at`, by their keys; of equal keys the last, as `JSON.parse` takes it. */
export function fieldsAt(json: Buffer, at: number): Map<string, Member> {
  return new Map([...members(json, at)].map(member => [member.key, member]))
}

/** The members of the object at `at` with the given keys; of equal keys the last, as `JSON.parse` takes it. */
export function pickMembers(json: Buffer, at: number, keys: readonly string[]): Map<string, Member> {
  const found = new Map<string, Member>()
  for (const member of members(json, at)) if (keys.includes(member.key)) found.set(member.key, member)
  return found
}

/** The offsets at which the elements of the array that opens at `at` begin. */
export function* elements(json: Buffer, at: number): Generator<number> {
  let i = expect(json, at, '[')
  if (json[i] === code(']')) return
  for (;;) {
    yield i
    i = skipSpace(json, valueEnd(json, i))
    if (json[i] === code(']')) return
    i = expect(json, i, ',')
  }
}

/** A list in JSON whose elements are read one by one, on demand. */
export interface LazyList {
  /** How many elements there are; reads the list to its end. */
  length(): number
  /** The bytes of one element; undefined where the list has none of this index. */
  element(index: number): Buffer | undefined
  /** Bytes that the offsets take. */
  readonly size: number
}

/** The array that opens at `at`. Each element is crossed once, and its offset kept. */
export function lazyList(json: Buffer, at: number): LazyList {
  let starts = new Uint32Array(64)
  let count = 0
  let next = expect(json, at, '[')
  let isWhole = json[next] === code(']')

  function readTo(index: number): void {
    while (!isWhole && count <= index) {
      if (count + 1 >= starts.length) {
        const grown = new Uint32Array(starts.length * 2)
        grown.set(starts)
        starts = grown
      }
      starts[count++] = next
      const end = valueEnd(json, next)
      starts[count] = end
      const after = skipSpace(json, end)
      isWhole = json[after] === code(']')
      next = isWhole ? after : expect(json, after, ',')
    }
  }

  return {
    length() {
      readTo(Number.POSITIVE_INFINITY)
      return count
    },
    element(index) {
      readTo(index)
      if (!(index >= 0 && index < count)) return undefined
      const isLast = index === count - 1
      const end = isLast ? (starts[count] as number) : endBefore(json, starts[index + 1] as number)
      return json.subarray(starts[index], end)
    },
    get size() {
      return starts.byteLength
    },
  }
}

/** The end of the element before the one at `at`: without the comma and white space between. */
function endBefore(json: Buffer, at: number): number {
  let i = at
  while (json[i - 1] !== code(',')) i -= 1
  i -= 1
  while (isSpace(json[i - 1])) i -= 1
  return i
}

/** The offset after the value that begins at `start`, whatever is inside and however deep. */
function valueEnd(json: Buffer, start: number): number {
  const first = json[start]
  if (first === quote) return stringEnd(json, start)
  if (first !== code('{') && first !== code('[')) return scalarEnd(json, start)
  let depth = 0
  for (let i = start; i < json.length; i++) {
    const byte = json[i]
    if (byte === quote) i = stringEnd(json, i) - 1
    else if (byte === code('{') || byte === code('[')) depth += 1
    else if ((byte === code('}') || byte === code(']')) && --depth === 0) return i + 1
  }
  throw new SyntaxError(`the value at byte ${start} never ends`)
}

function stringEnd(json: Buffer, start: number): number {
  if (json[start] !== quote) throw new SyntaxError(`a string was expected at byte ${start}`)
  // Most strings are names: a search that leaves for native code costs more than these few bytes.
  const near = Math.min(json.length, start + 32)
  for (let i = start + 1; i < near; i++) {
    if (json[i] === quote) return i + 1
    if (json[i] === backslash) break
  }
  for (let i = json.indexOf(quote, start + 1); i >= 0; i = json.indexOf(quote, i + 1)) {
    let backslashes = 0
    while (json[i - 1 - backslashes] === backslash) backslashes += 1
    if (backslashes % 2 === 0) return i + 1
  }
  throw new SyntaxError(`the string at byte ${start} never ends`)
}

function scalarEnd(json: Buffer, start: number): number {
  let i = start
  while (i < json.length && /[-+.\w]/.test(String.fromCharCode(json[i] as number))) i += 1
  if (i === start) throw new SyntaxError(`a value was expected at byte ${start}`)
  return i
}

function expect(json: Buffer, at: number, char: string): number {
  if (json[at] !== code(char)) throw new SyntaxError(`"${char}" was expected at byte ${at}`)
  return skipSpace(json, at + 1)
}

function skipSpace(json: Buffer, at: number): number {
  let i = at
  while (isSpace(json[i])) i += 1
  return i
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}

function code(char: string): number {
  return char.charCodeAt(0)
}
