import type { TokenView } from './token-view.ts'

/** What stands before a function's body: its parameters, and the name it is written for. */
export interface Headers {
  /** The bracket that opens the parameters which end here, or before a type annotation that ends here. */
  parametersBefore(last: number): number | undefined
  /** The token before the type parameters that end here. */
  beforeTypeParameters(last: number): number
  /** What a function that begins at this token is assigned to, or is a property of. */
  nameBefore(first: number): string | undefined
}

/** No type holds these: what stands before belongs to something else. */
const NO_TYPE =
  /^(?:class|interface|enum|namespace|module|export|import|return|else|do|try|finally|const|let|var|function)$/
const MODIFIER = /^(?:const|let|var|static|readonly|public|private|protected|override|declare)$/
/** What returns the function it is given: `const save = useCallback(() => …)`. */
const WRAPPER = /^(?:useCallback|useEffectEvent|memo|forwardRef|observer|debounce|throttle)$/
/** Tokens that a type annotation or a list of type parameters may take. */
const LONGEST_TYPE = 60

export function readHeaders({
  is,
  isWord,
  isMark,
  isFirstOfLine,
  opening,
  start,
  string,
  text,
  word,
}: TokenView): Headers {
  function parametersBefore(last: number): number | undefined {
    if (is(last, ')')) return opening(last)
    for (let at = last, steps = 0; at > 0 && steps < LONGEST_TYPE; steps++) {
      if (is(at, ':')) return is(at - 1, ')') ? openingOfTyped(at - 1) : undefined
      const opened = opening(at)
      const shown = text(at) as string
      if (opened !== undefined) at = opened - 1
      else if (NO_TYPE.test(shown)) return
      else if (!isMark(at) || /^(?:[.<>|&,?]|=>)$/.test(shown)) at--
      else return
      // A type never ends in what joins types: then the brace or arrow belongs to the type itself.
      if (steps === 0 && /^[.<|&,?]$/.test(shown)) return
    }
  }

  /** Not for `a ? (b) : c => d`, where the colon begins no type. */
  function openingOfTyped(closing: number): number | undefined {
    const opened = opening(closing)
    return opened !== undefined && is(opened - 1, '?') ? undefined : opened
  }

  function beforeTypeParameters(last: number): number {
    let depth = 0
    for (let at = last; at > 0 && last - at < LONGEST_TYPE; at--) {
      if (is(at, '>')) depth++
      else if (is(at, '<') && --depth === 0) return at - 1
    }
    return last
  }

  function nameBefore(first: number): string | undefined {
    if (is(first - 1, ':')) return is(first - 3, '{') || is(first - 3, ',') ? nameAt(first - 2) : undefined
    if (isWord(first - 1, 'default') && isWord(first - 2, 'export')) return 'default'
    if (is(first - 1, '(') && WRAPPER.test(word(first - 2) ?? '')) {
      return nameBefore(is(first - 3, '.') ? first - 4 : first - 2)
    }
    if (!is(first - 1, '=')) return
    const isComparison = /^[=!<>]$/.test(text(first - 2) ?? '') && start(first - 2) + 1 === start(first - 1)
    if (isComparison) return
    // `handlers[name] = ` gives no name; `T[]` is a type.
    const bracket = is(first - 2, ']') ? opening(first - 2) : undefined
    if (bracket !== undefined && bracket !== first - 3) return
    return assignedBefore(first - 2)
  }

  /** The last name of what ends here, without its type. */
  function assignedBefore(last: number): string | undefined {
    /** The property in `exports.pay = `, unless what ends with it turns out to be a type: `const pay: Api.pay = `. */
    let property: string | undefined
    for (let at = last, steps = 0; at > 0 && steps < LONGEST_TYPE; steps++) {
      if (is(at, ':')) return nameAt(at - 1)
      const before = text(at - 1) ?? ';'
      const isOpen = opening(at) === undefined && /^[;{},(]$/.test(before)
      if (isOpen || isFirstOfLine(at) || MODIFIER.test(before)) return property ?? nameAt(at)
      if (before === '.') property ??= nameAt(at)
      at = is(at, '>') ? beforeTypeParameters(at) : (opening(at) ?? at) - 1
    }
    return property ?? nameAt(last)
  }

  function nameAt(index: number): string | undefined {
    const quoted = string(index)
    if (quoted !== undefined) return quoted
    const shown = text(index)
    return word(index) ?? (/^\d+$/.test(shown ?? '') ? shown : undefined)
  }

  return { parametersBefore, beforeTypeParameters, nameBefore }
}
