/** What a token is: one of these, or for a mark the code of its one character. */
export const WORD = 0
/** A string, a number, a part of a template, or a regular expression. */
export const VALUE = 1
/** `=>` */
export const ARROW = 2
/** `${` in a template. */
export const HOLE = 3

/** The tokens of a JavaScript or TypeScript source, as far as finding functions needs them, in columns: a source has a million. */
export interface Tokens {
  count: number
  kinds: Uint16Array
  /** Offsets into the text. */
  starts: Uint32Array
  ends: Uint32Array
  /** 1 where a line break stands before the token. */
  breaks: Uint8Array
}

const WORD_PATTERN = /[\p{ID_Start}$_#@][\p{ID_Continue}$\u200c\u200d]*/uy
const SPACE_PATTERN = /\s+/y
/** After these a slash begins a regular expression, although they look like names. */
const OPERATORS = /^(?:return|typeof|case|in|of|delete|void|throw|new|do|else|yield|await|instanceof)$/

const START = 1
const PART = 2
/** What ASCII characters may be of a word. */
const IN_WORD = Uint8Array.from({ length: 128 }, (_, code) => {
  const char = String.fromCharCode(code)
  return (/[\w$]/.test(char) ? PART : 0) + (/[a-z$_#@]/i.test(char) ? START : 0)
})

const code = (char: string): number => char.charCodeAt(0)
const [NEWLINE, RETURN, TAB, SPACE] = [10, 13, 9, 32]
const [SLASH, BACKSLASH, STAR, DOT, EQUALS, GREATER] = [...'/\\*.=>'].map(code)
const [QUOTE, APOSTROPHE, BACKTICK, OPEN, CLOSE, DOLLAR] = [...'"\'`{}$'].map(code)

/**
 * The tokens of a source. Of what it does not understand, such as text between JSX tags, it makes some tokens: it never
 * throws, and reads each character once.
 */
export function tokenize(text: string): Tokens {
  const { length } = text
  let room = (length >> 2) + 64
  let kinds = new Uint16Array(room)
  let starts = new Uint32Array(room)
  let ends = new Uint32Array(room)
  let breaks = new Uint8Array(room)
  /** For each open brace whether it belongs to a template. */
  const braces: boolean[] = []
  /** By what opens a token that must end on its line: up to where none does, so that no line is searched twice. */
  const unclosed: Record<string, number> = {}
  let count = 0
  let at = 0
  let isFirstOfLine = 1

  function grow(): void {
    room *= 2
    kinds = grown(kinds, new Uint16Array(room))
    starts = grown(starts, new Uint32Array(room))
    ends = grown(ends, new Uint32Array(room))
    breaks = grown(breaks, new Uint8Array(room))
  }

  function add(kind: number, end: number): void {
    if (count === room) grow()
    kinds[count] = kind
    starts[count] = at
    ends[count] = end
    breaks[count++] = isFirstOfLine
    isFirstOfLine = 0
    at = end
  }

  /** From after a backtick or a brace to the end of the text part of a template. */
  function addTemplate(from: number): void {
    for (let i = from; i < length; i++) {
      const char = text.charCodeAt(i)
      if (char === BACKSLASH) i++
      else if (char === BACKTICK) return void add(VALUE, i + 1)
      else if (char === DOLLAR && text.charCodeAt(i + 1) === OPEN) {
        if (i > at) add(VALUE, i)
        braces.push(true)
        return void add(HOLE, i + 2)
      }
    }
    if (at < length) add(VALUE, length)
  }

  function addMark(char: number): void {
    if (char === OPEN) braces.push(false)
    const isTemplate = char === CLOSE && braces.pop()
    add(char, at + 1)
    if (isTemplate) addTemplate(at)
  }

  function addOnLine(opener: number, endOf: (text: string, start: number) => number): void {
    const isKnown = at < (unclosed[opener] ?? 0)
    const end = isKnown ? 0 : endOf(text, at)
    if (end > 0) return void add(VALUE, end)
    if (!isKnown) unclosed[opener] = orEnd(text.indexOf('\n', at), text)
    add(opener, at + 1)
  }

  function startsRegExp(): boolean {
    if (count === 0) return true
    const before = kinds[count - 1] as number
    if (before === WORD) return OPERATORS.test(text.slice(starts[count - 1], ends[count - 1]))
    return before !== VALUE && !')]}<'.includes(String.fromCharCode(before))
  }

  /** The apostrophe of a word, as in the text of JSX, opens nothing. */
  function isApostrophe(): boolean {
    return count > 0 && kinds[count - 1] === WORD && ends[count - 1] === at
  }

  while (at < length) {
    const char = text.charCodeAt(at)
    if (char === SPACE || char === TAB) at++
    else if (char === NEWLINE || char === RETURN) {
      isFirstOfLine = 1
      at++
    } else if (char > 127 || char < SPACE) {
      const space = match(SPACE_PATTERN, text, at)
      if (/[\u2028\u2029]/.test(text.slice(at, space))) isFirstOfLine = 1
      const word = space ? 0 : match(WORD_PATTERN, text, at)
      if (space) at = space
      else add(word ? WORD : Math.max(char, SPACE), word || at + 1)
    } else if ((IN_WORD[char] as number) & START) add(WORD, wordEnd(text, at))
    else if ((IN_WORD[char] as number) & PART) add(VALUE, numberEnd(text, at))
    else if (char === SLASH && text.charCodeAt(at + 1) === SLASH) at = orEnd(text.indexOf('\n', at), text)
    else if (char === SLASH && text.charCodeAt(at + 1) === STAR) at = orEnd(text.indexOf('*/', at + 2) + 2, text, 2)
    else if (char === BACKTICK) addTemplate(at + 1)
    else if (char === QUOTE || char === APOSTROPHE) isApostrophe() ? add(char, at + 1) : addOnLine(char, stringEnd)
    else if (char === SLASH && startsRegExp()) addOnLine(char, regExpEnd)
    else if (char === EQUALS && text.charCodeAt(at + 1) === GREATER) add(ARROW, at + 2)
    else addMark(char)
  }
  return { count, kinds, starts, ends, breaks }
}

function grown<List extends Uint8Array | Uint16Array | Uint32Array>(from: List, to: List): List {
  to.set(from)
  return to
}

function match(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : 0
}

/** The offset after a word that begins with an ASCII character. */
function wordEnd(text: string, start: number): number {
  for (let at = start + 1; ; at++) {
    const char = text.charCodeAt(at)
    if (char > 127) return match(WORD_PATTERN, text, start)
    if (!(char <= 127 && (IN_WORD[char] as number) & PART)) return at
  }
}

function numberEnd(text: string, start: number): number {
  let at = start + 1
  for (let char = text.charCodeAt(at); char === DOT || (IN_WORD[char] as number) & PART; ) char = text.charCodeAt(++at)
  return at
}

function orEnd(at: number, text: string, none = 0): number {
  return at < none || at < 0 ? text.length : at
}

/** The offset after a string, or 0 if the line ends before it. */
function stringEnd(text: string, start: number): number {
  const quote = text.charCodeAt(start)
  for (let i = start + 1; i < text.length; i++) {
    const char = text.charCodeAt(i)
    if (char === NEWLINE) return 0
    if (char === BACKSLASH) i++
    else if (char === quote) return i + 1
  }
  return 0
}

/** The offset after a regular expression, or 0 if the line ends before it. */
function regExpEnd(text: string, start: number): number {
  let isClass = false
  for (let i = start + 1; i < text.length; i++) {
    const char = text[i]
    if (char === '\n') return 0
    if (char === '\\') i++
    else if (char === '[') isClass = true
    else if (char === ']') isClass = false
    else if (char === '/' && !isClass) return i + 1
  }
  return 0
}
