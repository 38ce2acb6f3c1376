/** Where the sealed script has text that the baseline lacks. */
export interface Insertion {
  /** From 1. */
  line: number
  /** From 0, in UTF-16 units. */
  column: number
  length: number
  text: string
}

/** For guesses and messages; {@link findInsertion} is exact. */
export const anySnippet: RegExp = /;!function\(\)\{try\{var e="undefined"[^\n]*?\}catch\(e\)\{\}\}\(\);/

const head = ';!function(){try{'
const foot = '}catch(e){}}();'

/** Keeps the names of esbuild and Bun honest; a comment after all code. */
export const esbuildMarker: RegExp = /\n{0,2}\/\*mapseal@[\w.-]+\*\/(?=\s*$|;!function\(\)\{try\{[^\n]*$)/

/**
 * Finds the one text that looks like the snippet and whose removal leaves the baseline's code; both without their
 * trailing comments. Undefined where the two are equal already. A string says what is wrong.
 */
export function findInsertion(baseline: string, sealed: string): Insertion | undefined | string {
  if (baseline === sealed) return undefined
  const length = sealed.length - baseline.length
  for (let at = sealed.indexOf(head); at >= 0; at = sealed.indexOf(head, at + 1)) {
    const start = endsFile(sealed, at, length) ? at - 1 : at
    const text = sealed.slice(start, start + length)
    if (!text.endsWith(foot) || text.includes('\n', 1)) continue
    if (sealed.slice(0, start) + sealed.slice(start + length) === baseline) return place(sealed, start, text)
  }
  return differs(baseline, sealed)
}

/** In a file of nothing but comments the snippet needs a line of its own, where no mapping is. */
function endsFile(sealed: string, at: number, length: number): boolean {
  return sealed[at - 1] === '\n' && at - 1 + length === sealed.length
}

function place(code: string, at: number, text: string): Insertion {
  const before = code.slice(0, at).replace(/^\ufeff/, '')
  const lines = before.split('\n')
  return { line: lines.length, column: (lines.at(-1) as string).length, length: text.length, text }
}

function differs(baseline: string, sealed: string): string {
  const bare = sealed.replace(anySnippet, '')
  let at = 0
  while (at < baseline.length && baseline[at] === bare[at]) at += 1
  const show = (code: string) => JSON.stringify(code.slice(Math.max(0, at - 30), at + 60))
  return `code differs beyond the snippet at offset ${at}: ${show(baseline)} became ${show(bare)}`
}
