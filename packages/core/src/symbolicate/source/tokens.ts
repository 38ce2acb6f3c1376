/** A piece of JavaScript or TypeScript, as far as finding functions needs it. */
export interface Token {
  /** `word`: names, keywords, private names; `value`: strings, numbers, templates, regular expressions; else punctuation. */
  kind: 'word' | 'value' | 'mark'
  /** The token itself; for a mark one character, or `=>`, or `${`. */
  text: string
  start: number
  /** Whether a line break stands before it. */
  isFirstOfLine: boolean
}

const WORD = /[\p{ID_Start}$_#@][\p{ID_Continue}$\u200c\u200d]*/uy
const NUMBER = /\d[\w.]*/y
const SPACE = /\s+/y
/** After these a slash begins a regular expression, although they look like names. */
const OPERATORS = /^(?:return|typeof|case|in|of|delete|void|throw|new|do|else|yield|await|instanceof)$/

/**
 * The tokens of a source. Of what it does not understand, such as text between JSX tags, it makes some tokens: it never
 * throws, and reads each character once.
 */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  /** For each open brace whether it belongs to a template. */
  const braces: boolean[] = []
  /** By what opens a token that must end on its line: up to where none does, so that no line is searched twice. */
  const unclosed: Record<string, number> = {}
  let at = 0
  let isFirstOfLine = true

  function add(kind: Token['kind'], end: number, shown = text.slice(at, end)): void {
    tokens.push({ kind, text: shown, start: at, isFirstOfLine })
    isFirstOfLine = false
    at = end
  }

  /** From after a backtick or a brace to the end of the text part of a template. */
  function addTemplate(from: number): void {
    for (let i = from; i < text.length; i++) {
      if (text[i] === '\\') i++
      else if (text[i] === '`') {
        add('value', i + 1)
        return
      } else if (text[i] === '$' && text[i + 1] === '{') {
        add('value', i)
        braces.push(true)
        add('mark', i + 2, '${')
        return
      }
    }
    add('value', text.length)
  }

  function match(pattern: RegExp): number {
    pattern.lastIndex = at
    return pattern.test(text) ? pattern.lastIndex : 0
  }

  while (at < text.length) {
    const char = text[at] as string
    const code = text.charCodeAt(at)
    const space = code <= 32 || code > 127 ? match(SPACE) : 0
    const word = space === 0 && (isWordStart(code) || code > 127) ? match(WORD) : 0
    if (space) {
      isFirstOfLine ||= /[\n\r\u2028\u2029]/.test(text.slice(at, space))
      at = space
    } else if (word) add('word', word)
    else if (char === '/' && text[at + 1] === '/') at = orEnd(text.indexOf('\n', at), text)
    else if (char === '/' && text[at + 1] === '*') at = orEnd(text.indexOf('*/', at + 2) + 2, text, 2)
    else if (code >= 48 && code <= 57) add('value', match(NUMBER))
    else if (char === '`') addTemplate(at + 1)
    else if (char === '"' || char === "'") isApostrophe() ? add('mark', at + 1) : addOnLine(char, stringEnd)
    else if (char === '/' && startsRegExp(tokens.at(-1))) addOnLine(char, regExpEnd)
    else if (char === '=' && text[at + 1] === '>') add('mark', at + 2)
    else if (char === '{') {
      braces.push(false)
      add('mark', at + 1)
    } else if (char === '}') {
      const isTemplate = braces.pop()
      add('mark', at + 1)
      if (isTemplate) addTemplate(at)
    } else add('mark', at + 1)
  }
  return tokens

  /** The apostrophe of a word, as in the text of JSX, opens nothing. */
  function isApostrophe(): boolean {
    return tokens.at(-1)?.kind === 'word' && /[\p{ID_Continue}]/u.test(text[at - 1] ?? '')
  }

  function addOnLine(opener: string, endOf: (text: string, start: number) => number): void {
    const isKnown = at < (unclosed[opener] ?? 0)
    const end = isKnown ? 0 : endOf(text, at)
    if (end === 0 && !isKnown) unclosed[opener] = orEnd(text.indexOf('\n', at), text)
    add(end > 0 ? 'value' : 'mark', end || at + 1)
  }
}

/** ASCII letters, `$`, `_`, `#` and `@`; others are left to the expression. */
function isWordStart(code: number): boolean {
  const lower = code | 32
  return (lower >= 97 && lower <= 122) || code === 36 || code === 95 || code === 35 || code === 64 || code === 92
}

function orEnd(at: number, text: string, none = 0): number {
  return at < none || at < 0 ? text.length : at
}

function startsRegExp(before: Token | undefined): boolean {
  if (!before) return true
  if (before.kind === 'word') return OPERATORS.test(before.text)
  return before.kind === 'mark' && !/^[)\]}<]$/.test(before.text)
}

/** The offset after a string, or 0 if the line ends before it. */
function stringEnd(text: string, start: number): number {
  for (let i = start + 1; i < text.length && text[i] !== '\n'; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === text[start]) return i + 1
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
