import { createRows, lastRow, type Rows } from '../../map/read/rows.ts'
import { readHeaders } from './headers.ts'
import { isPair, viewTokens } from './token-view.ts'
import { ARROW, HOLE, tokenize, VALUE, WORD } from './tokens.ts'

/** The functions in an original source, each from its name or parameters to the end of its body. */
export interface SourceFunctions {
  readonly count: number
  /** Bytes held. */
  readonly size: number
  /**
   * The innermost function around an offset. `name` is `Cart.total` for a method, `new Cart` for a constructor; absent for
   * functions without a name.
   */
  at(offset: number): { name?: string } | undefined
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
/** Scopes that a closing bracket is looked for in. */
const MOST_UNCLOSED = 8

/**
 * The functions of JavaScript or TypeScript. Found by their shape, without a parser, since sources come in any dialect: where
 * that fails a function lacks its name, or is missing.
 */
export function findFunctions(text: string): SourceFunctions {
  const tokens = tokenize(text)
  const { count, kinds, starts } = tokens
  const view = viewTokens(text, tokens)
  const { is, isWord, word, isFirstOfLine, start } = view
  const { parametersBefore, beforeTypeParameters, nameBefore } = readHeaders(view)
  /** The start and the end of each, in the order in which they end. */
  const places = createRows(2)
  const names: (string | undefined)[] = []
  const scopes: Scope[] = []
  let pendingClass: { name: string | undefined; depth: number } | undefined

  for (let index = 0; index < count; index++) {
    const kind = kinds[index] as number
    endArrows(index, kind)
    if (kind === WORD) startClass(index)
    else if (kind === ARROW) startArrow(index)
    else if (kind === HOLE) push('bracket', index, start(index))
    else if (kind !== VALUE) openOrClose(index, String.fromCharCode(kind))
  }
  for (const scope of scopes.reverse()) end(scope, text.length)
  return functionsAt(places, names)

  function openOrClose(index: number, mark: string): void {
    if (mark === '(' || mark === '[') push('bracket', index, start(index))
    else if (mark === '{') openBrace(index)
    else if (mark === ')' || mark === ']' || mark === '}') close(index, mark)
  }

  function push(kind: Scope['kind'], open: number, start: number, name?: string): void {
    scopes.push({ kind, open, start, name })
  }

  function openBrace(index: number): void {
    const last = scopes.at(-1)
    if (last?.kind === 'arrow' && last.open === index - 1) {
      scopes.pop()
      return void push('function', index, last.start, last.name)
    }
    const header = headerOf(index)
    // The arrows of function types in the header's return type are not functions.
    while (header && scopes.at(-1)?.kind === 'arrow' && (scopes.at(-1) as Scope).start > header.start) scopes.pop()
    if (header) return void push('function', index, header.start, header.name)
    if (pendingClass?.depth !== scopes.length) return void push('bracket', index, start(index))
    push('class', index, start(index), pendingClass.name)
    pendingClass = undefined
  }

  function close(index: number, mark: string): void {
    const isPartner = ({ kind, open }: Scope) => kind !== 'arrow' && isPair(kinds[open], mark)
    // Unbalanced text, as between JSX tags: a bracket that was not opened near here closes nothing.
    let depth = scopes.length - 1
    const lowest = Math.max(0, scopes.length - MOST_UNCLOSED)
    while (depth >= lowest && !isPartner(scopes[depth] as Scope)) depth--
    if (depth < lowest) return
    while (scopes.length > depth) {
      const scope = scopes.pop() as Scope
      if (scopes.length === depth) view.noteOpening(index, scope.open)
      end(scope, start(index) + 1)
    }
  }

  function end({ kind, start, name }: Scope, at: number): void {
    if (kind !== 'function' && kind !== 'arrow') return
    places.push(start, at)
    names.push(name)
  }

  /** An arrow's expression ends with its list or statement. */
  function endArrows(index: number, kind: number): void {
    for (let last = scopes.at(-1); last?.kind === 'arrow'; last = scopes.at(-1)) {
      const isEnd =
        kind === WORD
          ? isFirstOfLine(index) && STATEMENT.test(word(index) as string) && !is(index - 1, '=>')
          : kind > HOLE && ',;)]}'.includes(String.fromCharCode(kind))
      if (!isEnd || last.start === starts[index]) return
      scopes.pop()
      end(last, start(index))
    }
  }

  function startClass(index: number): void {
    if (!isWord(index, 'class') || is(index - 1, '.')) return
    const next = word(index + 1)
    if (next === undefined && !is(index + 1, '{')) return
    const own = next === 'extends' || next === 'implements' ? undefined : next
    pendingClass = { name: own ?? nameBefore(index), depth: scopes.length }
  }

  function startArrow(index: number): void {
    const parameters = parametersBefore(index - 1) ?? (word(index - 1) === undefined ? undefined : index - 1)
    if (parameters === undefined) return
    const generic = is(parameters - 1, '>') ? beforeTypeParameters(parameters - 1) + 1 : parameters
    const first = isWord(generic - 1, 'async') ? generic - 1 : generic
    push('arrow', index, start(first), nameBefore(first))
  }

  /** The function whose body the brace opens, if it does. */
  function headerOf(brace: number): { start: number; name: string | undefined } | undefined {
    const open = parametersBefore(brace - 1)
    if (open === undefined) return
    const before = is(open - 1, '>') ? beforeTypeParameters(open - 1) : open - 1
    const from = start(before)
    const name = word(before)
    if (name === 'function') return { start: from, name: nameBefore(isWord(before - 1, 'async') ? before - 1 : before) }
    if (is(before, '*') && isWord(before - 1, 'function')) return { start: from, name: nameBefore(before - 1) }
    if (name !== undefined) {
      const isMember = scopes.at(-1)?.kind === 'class' || is(before - 1, ',')
      if (CONTROL.has(name) && !isMember) return
      const isDeclared = isWord(before - 1, 'function') || (is(before - 1, '*') && isWord(before - 2, 'function'))
      return { start: from, name: isDeclared ? name : qualified(name) }
    }
    if (is(before, ']')) return { start: from, name: undefined }
    const quoted = view.string(before)
    if (quoted !== undefined) return { start: from, name: qualified(quoted) }
  }

  function qualified(name: string): string {
    const owner = scopes.at(-1)
    if (owner?.kind !== 'class' || owner.name === undefined) return name
    return name === 'constructor' ? `new ${owner.name}` : `${owner.name}.${name}`
  }
}

/** Not a closure of what found them, which would keep the tokens of every source that is kept at hand. */
function functionsAt(places: Rows, names: (string | undefined)[]): SourceFunctions {
  return {
    count: names.length,
    size: places.size + names.length * 32,
    at(offset) {
      // The first that ends behind the place and begins before it is the innermost.
      let row = lastRow(places.count, row => places.get(row, 1) <= offset) + 1
      while (row < places.count && places.get(row, 0) > offset) row++
      if (row === places.count) return
      const name = names[row]
      return name === undefined ? {} : { name }
    },
  }
}
