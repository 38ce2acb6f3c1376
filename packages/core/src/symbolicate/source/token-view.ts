import type { Tokens } from './tokens.ts'
import { ARROW, HOLE, VALUE, WORD } from './tokens.ts'

/** Tokens by their index, which may be outside of the text: there is nothing then. */
export interface TokenView {
  /** Whether the token is this punctuation: one character, or `=>`. */
  is(index: number, mark: string): boolean
  /** Whether the token is this word; cheaper than {@link TokenView.word}. */
  isWord(index: number, word: string): boolean
  /** The word that the token is. */
  word(index: number): string | undefined
  text(index: number): string | undefined
  isMark(index: number): boolean
  isFirstOfLine(index: number): boolean
  /** Its offset in the text. */
  start(index: number): number
  /** What a string holds. */
  string(index: number): string | undefined
  /** For each closing bracket the index of its opening one, as far as they were noted. */
  opening(closing: number): number | undefined
  noteOpening(closing: number, opening: number): void
}

export function viewTokens(text: string, { count, kinds, starts, ends, breaks }: Tokens): TokenView {
  const openings = new Uint32Array(count)
  const has = (index: number) => index >= 0 && index < count
  const slice = (index: number) => text.slice(starts[index], ends[index])

  return {
    is: (index, mark) => has(index) && kinds[index] === (mark === '=>' ? ARROW : mark.charCodeAt(0)),
    isWord(index, word) {
      if (!has(index) || kinds[index] !== WORD) return false
      const start = starts[index] as number
      return (ends[index] as number) - start === word.length && text.startsWith(word, start)
    },
    word: index => (has(index) && kinds[index] === WORD ? slice(index) : undefined),
    text: index => (has(index) ? slice(index) : undefined),
    isMark: index => has(index) && kinds[index] !== WORD && kinds[index] !== VALUE,
    isFirstOfLine: index => breaks[index] === 1,
    start: index => (has(index) ? (starts[index] as number) : 0),
    string(index) {
      const shown = has(index) && kinds[index] === VALUE ? slice(index) : ''
      return /^["']/.test(shown) ? shown.slice(1, -1) : undefined
    },
    opening(closing) {
      const noted = has(closing) ? openings[closing] : 0
      return noted ? noted - 1 : undefined
    },
    noteOpening(closing, opening) {
      openings[closing] = opening + 1
    },
  }
}

/** Whether a bracket opens what another closes; a template's hole is closed by a brace. */
export function isPair(opening: number | undefined, closing: string): boolean {
  if (closing === '}') return opening === 0x7b || opening === HOLE
  return opening === (closing === ')' ? 0x28 : 0x5b)
}
