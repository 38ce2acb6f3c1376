import type { Token } from './tokens.ts'
import { tokenize } from './tokens.ts'

/** A function in an original source, from its name or parameters to the end of its body; offsets into the text. */
export interface SourceFunction {
  start: number
  end: number
  /** `Cart.total` for a method, `new Cart` for a constructor; absent for functions without a name. */
  name?: string
}

interface Scope {
  kind: 'bracket' | 'function' | 'arrow' | 'class'
  /** The token that opened it. */
  open: number
  start: number
  name: string | undefined
}

const CONTROL = new Set(['if', 'for', 'while', 'switch', 'catch', 'with', 'await'])
const STATEMENT =
  /^(?:const|let|var|function|class|export|import|return|if|for|while|switch|throw|try|type|interface|enum|async)$/
/** No type holds these: what stands before belongs to something else. */
const NO_TYPE =
  /^(?:class|interface|enum|namespace|module|export|import|return|else|do|try|finally|const|let|var|function)$/
const MODIFIER = /^(?:const|let|var|static|readonly|public|private|protected|override|declare)$/
/** What returns the function it is given: `const save = useCallback(() => …)`. */
const WRAPPER = /^(?:useCallback|useEffectEvent|memo|forwardRef|observer|debounce|throttle)$/
const CLOSES: Record<string, string> = { ')': '(', ']': '[', '}': '{' }
/** Tokens that a type annotation or a list of type parameters may take. */
const LONGEST_TYPE = 60

/**
 * The functions of JavaScript or TypeScript, in the order in which they end. Found by their shape, without a parser, since
 * sources come in any dialect: where that fails a function lacks its name, or is missing.
 */
export function findFunctions(text: string): SourceFunction[] {
  const tokens = tokenize(text)
  const found: SourceFunction[] = []
  const scopes: Scope[] = []
  /** For each closing bracket the index of its opening one. */
  const opens = new Map<number, number>()
  let pendingClass: { name: string | undefined; depth: number } | undefined

  const is = (index: number, mark: string) => tokens[index]?.kind === 'mark' && tokens[index].text === mark
  const word = (index: number) => (tokens[index]?.kind === 'word' ? tokens[index].text : undefined)

  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index] as Token
    endArrows(index, token)
    if (token.kind === 'word') startClass(index)
    if (token.kind !== 'mark') continue
    if (token.text === '=>') startArrow(index)
    else if (/^(?:[([]|\$?\{)$/.test(token.text)) open(index, token)
    else if (token.text in CLOSES) close(index, token)
  }
  for (const scope of scopes.reverse()) end(scope, text.length)
  return found

  function open(index: number, token: Token): void {
    const scope = { open: index, start: token.start }
    if (token.text !== '{') return void scopes.push({ kind: 'bracket', name: undefined, ...scope })
    const last = scopes.at(-1)
    if (last?.kind === 'arrow' && last.open === index - 1) {
      scopes.pop()
      return void scopes.push({ ...last, kind: 'function', open: index })
    }
    const header = headerOf(index)
    // The arrows of function types in the header's return type are not functions.
    while (header && scopes.at(-1)?.kind === 'arrow' && (scopes.at(-1) as Scope).start > header.start) scopes.pop()
    if (header) return void scopes.push({ kind: 'function', open: index, start: header.start, name: header.name })
    if (pendingClass?.depth === scopes.length) {
      scopes.push({ kind: 'class', name: pendingClass.name, ...scope })
      pendingClass = undefined
    } else scopes.push({ kind: 'bracket', name: undefined, ...scope })
  }

  function close(index: number, token: Token): void {
    const wanted = CLOSES[token.text]
    const isPartner = ({ kind, open }: Scope) => kind !== 'arrow' && tokens[open]?.text.endsWith(wanted as string)
    // Unbalanced text, as between JSX tags: a bracket that was not opened near here closes nothing.
    let depth = scopes.length - 1
    while (depth >= 0 && scopes.length - depth <= 8 && !isPartner(scopes[depth] as Scope)) depth--
    if (depth < 0 || scopes.length - depth > 8) return
    while (scopes.length > depth) {
      const scope = scopes.pop() as Scope
      if (scopes.length === depth) opens.set(index, scope.open)
      end(scope, token.start + 1)
    }
  }

  function end({ kind, start, name }: Scope, at: number): void {
    if (kind === 'function' || kind === 'arrow') found.push({ start, end: at, ...(name !== undefined && { name }) })
  }

  /** An arrow's expression ends with its list or statement. */
  function endArrows(index: number, token: Token): void {
    while (scopes.at(-1)?.kind === 'arrow') {
      const isEnd =
        (token.kind === 'mark' && /^[,;)\]}]$/.test(token.text)) ||
        (token.isFirstOfLine && token.kind === 'word' && STATEMENT.test(token.text) && !is(index - 1, '=>'))
      if (!isEnd || scopes.at(-1)?.start === token.start) return
      end(scopes.pop() as Scope, token.start)
    }
  }

  function startClass(index: number): void {
    if (word(index) !== 'class' || is(index - 1, '.')) return
    const next = word(index + 1)
    if (next === undefined && !is(index + 1, '{')) return
    const own = next === 'extends' || next === 'implements' ? undefined : next
    pendingClass = { name: own ?? nameBefore(index), depth: scopes.length }
  }

  function startArrow(index: number): void {
    const parameters = openingOf(index - 1) ?? (word(index - 1) === undefined ? undefined : index - 1)
    if (parameters === undefined) return
    const generic = is(parameters - 1, '>') ? beforeTypeParameters(parameters - 1) + 1 : parameters
    const first = word(generic - 1) === 'async' ? generic - 1 : generic
    const start = tokens[first]?.start ?? 0
    scopes.push({ kind: 'arrow', open: index, start, name: nameBefore(first) })
  }

  /** The function whose body the brace opens, if it does. */
  function headerOf(brace: number): { start: number; name: string | undefined } | undefined {
    const open = openingOf(brace - 1)
    if (open === undefined) return
    const before = is(open - 1, '>') ? beforeTypeParameters(open - 1) : open - 1
    const start = tokens[before]?.start ?? 0
    const name = word(before)
    if (name === 'function') return { start, name: nameBefore(word(before - 1) === 'async' ? before - 1 : before) }
    if (is(before, '*') && word(before - 1) === 'function') return { start, name: nameBefore(before - 1) }
    if (name !== undefined) {
      const isMember = scopes.at(-1)?.kind === 'class' || is(before - 1, ',')
      if (CONTROL.has(name) && !isMember) return
      const isDeclared = word(before - 1) === 'function' || (is(before - 1, '*') && word(before - 2) === 'function')
      return { start, name: isDeclared ? name : qualified(name) }
    }
    if (is(before, ']')) return { start, name: undefined }
    const token = tokens[before]
    if (token?.kind === 'value' && /^["']/.test(token.text)) return { start, name: qualified(token.text.slice(1, -1)) }
  }

  function qualified(name: string): string {
    const owner = scopes.at(-1)
    if (owner?.kind !== 'class' || owner.name === undefined) return name
    return name === 'constructor' ? `new ${owner.name}` : `${owner.name}.${name}`
  }

  /** The bracket that opens the parameters which end here, or before a type annotation that ends here. */
  function openingOf(last: number): number | undefined {
    if (is(last, ')')) return opens.get(last)
    for (let at = last, steps = 0; at > 0 && steps < LONGEST_TYPE; steps++) {
      if (is(at, ':')) return is(at - 1, ')') ? openingOfTyped(at - 1) : undefined
      const opening = opens.get(at)
      const token = tokens[at] as Token
      if (opening !== undefined) at = opening - 1
      else if (token.kind === 'word' && NO_TYPE.test(token.text)) return
      else if (token.kind !== 'mark' || /^(?:[.<>|&,?]|=>)$/.test(token.text)) at--
      else return
      // A type never ends in what joins types: then the brace or arrow belongs to the type itself.
      if (steps === 0 && token.kind === 'mark' && /^[.<|&,?]$/.test(token.text)) return
    }
  }

  /** Not for `a ? (b) : c => d`, where the colon begins no type. */
  function openingOfTyped(closing: number): number | undefined {
    const opening = opens.get(closing)
    return opening !== undefined && is(opening - 1, '?') ? undefined : opening
  }

  function beforeTypeParameters(last: number): number {
    let depth = 0
    for (let at = last; at > 0 && last - at < LONGEST_TYPE; at--) {
      if (is(at, '>')) depth++
      else if (is(at, '<') && --depth === 0) return at - 1
    }
    return last
  }

  /** What a function that begins at this token is assigned to, or is a property of. */
  function nameBefore(first: number): string | undefined {
    if (is(first - 1, ':')) return is(first - 3, '{') || is(first - 3, ',') ? nameAt(first - 2) : undefined
    if (word(first - 1) === 'default' && word(first - 2) === 'export') return 'default'
    if (is(first - 1, '(') && WRAPPER.test(word(first - 2) ?? '')) {
      return nameBefore(is(first - 3, '.') ? first - 4 : first - 2)
    }
    if (!is(first - 1, '=')) return
    const before = tokens[first - 2]
    const isComparison = before && /^[=!<>]$/.test(before.text) && before.start + 1 === tokens[first - 1]?.start
    if (isComparison) return
    // `handlers[name] = ` gives no name; `T[]` is a type.
    const bracket = is(first - 2, ']') ? opens.get(first - 2) : undefined
    if (bracket !== undefined && bracket !== first - 3) return
    /** The property in `exports.pay = `, unless what ends with it turns out to be a type: `const pay: Api.pay = `. */
    let property: string | undefined
    for (let at = first - 2, steps = 0; at > 0 && steps < LONGEST_TYPE; steps++) {
      if (is(at, ':')) return nameAt(at - 1)
      const before = tokens[at - 1]?.text ?? ';'
      const isOpen = !opens.has(at) && /^[;{},(]$/.test(before)
      if (isOpen || tokens[at]?.isFirstOfLine || MODIFIER.test(before)) return property ?? nameAt(at)
      if (before === '.') property ??= nameAt(at)
      at = is(at, '>') ? beforeTypeParameters(at) : (opens.get(at) ?? at) - 1
    }
    return property ?? nameAt(first - 2)
  }

  function nameAt(index: number): string | undefined {
    const token = tokens[index]
    if (token?.kind === 'value' && /^["']/.test(token.text)) return token.text.slice(1, -1)
    return token?.kind === 'word' || /^\d+$/.test(token?.text ?? '') ? token?.text : undefined
  }
}
