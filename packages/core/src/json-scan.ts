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

/** The offset after a value. */
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
  while (json[i] === 0x20 || json[i] === 0x0a || json[i] === 0x0d || json[i] === 0x09) i += 1
  return i
}

function code(char: string): number {
  return char.charCodeAt(0)
}
