import { prologueEnd } from './prologue.ts'

/** How much is read first: most scripts show in a few bytes that they are more than a literal. */
const firstLook = 64 * 1024

/** Lists in lists; deeper ones are not looked into. */
const deepest = 100

/**
 * Whether a script is nothing but literals that it exports, as bundlers write a JSON module. Nothing in it can throw, so it stands
 * in no stack. Read token by token up to the first that does not fit. Bytes are read as latin1.
 */
export function isExportedLiteral(code: string | Buffer): boolean {
  return isAll(code, false)
}

/** As {@link isExportedLiteral}, or literals that it assigns to globals, as frameworks write their manifests. */
export function isData(code: string | Buffer): boolean {
  return isAll(code, true)
}

function isAll(code: string | Buffer, mayAssign: boolean): boolean {
  if (code.length > firstLook && readLiterals(textOf(code, firstLook), mayAssign) === 'other code') return false
  return readLiterals(textOf(code, code.length), mayAssign) === 'literals'
}

function textOf(code: string | Buffer, end: number): string {
  return typeof code === 'string' ? code.slice(0, end) : code.toString('latin1', 0, end)
}

const blanks = /(?:[\s\ufeff]|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y
const declaring = /(?:var|let|const)\b/y
const identifier = /[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/uy
const scalar =
  /[-+!]?(?:0[xob][\da-f_]+n?|(?:\d[\d_]*\.?|\.\d)[\d_]*(?:e[-+]?\d+)?n?)|void 0|(?:true|false|null|undefined)\b/iy
const exportDefault = /export\s+default\b/y
const exportList = /export\s*\{[^{}]*\}/y
const commonExport = /(?:module\s*\.\s*exports|exports\s*\.\s*[\w$]+)\s*=(?!=)/y
const globalPlace = /(?:self|globalThis|window)(?:\s*\.\s*[\w$]+|\s*\[\s*(?:"[^"\\]*"|'[^'\\]*')\s*\])+/y
const assigns = /=(?!=)/y
const or = /\|\||\?\?/y
const and = /&&/y
const call = /\(\s*\)/y
const newCollection = /new\s+(?:Set|Map)\b/y
const esModule = /Object\.definePropert(?:y|ies)\(\s*exports\s*,[^()=]*\)/y

/** `unsure` where the text ends amid a token, or holds none. */
type Verdict = 'literals' | 'other code' | 'unsure'

/** @param mayAssign to globals */
function readLiterals(code: string, mayAssign: boolean): Verdict {
  const tokens = tokensOf(code)
  const names = new Set<string>()
  let [hasValue, isExported] = [false, false]

  /** A literal, or a name that stands for one. */
  function value(depth: number): boolean {
    if (depth > deepest) return false
    hasValue = true
    if (tokens.take('[')) return list(']', () => value(depth + 1))
    if (tokens.take('{')) return list('}', () => property(depth + 1))
    if (tokens.string() || tokens.match(scalar) !== undefined) return true
    const name = tokens.match(identifier)
    return name !== undefined && names.has(name)
  }

  function property(depth: number): boolean {
    const name = tokens.string() || tokens.match(scalar) !== undefined ? '' : tokens.match(identifier)
    if (name === undefined) return false
    return tokens.take(':') ? value(depth) : names.has(name)
  }

  function list(end: string, item: () => boolean): boolean {
    while (!tokens.take(end)) {
      if (!item()) return false
      if (!tokens.take(',')) return tokens.take(end)
    }
    return true
  }

  function declaration(): boolean {
    do {
      const name = tokens.match(identifier)
      if (name === undefined || !tokens.take('=') || !value(0)) return false
      names.add(name)
    } while (tokens.take(','))
    return true
  }

  /** As Next.js has them: `self.a = self.a || {}`, `self.b = new Set([])`, and `self.b_CB && self.b_CB()` to tell of it. */
  function globalStatement(): boolean {
    if (tokens.match(and) !== undefined)
      return tokens.match(globalPlace) !== undefined && tokens.match(call) !== undefined
    if (tokens.match(assigns) === undefined) return false
    const isWrapped = tokens.take('(')
    if (tokens.match(globalPlace) !== undefined && tokens.match(or) === undefined) return false
    const isValue = tokens.match(newCollection) === undefined ? value(0) : collection()
    return isValue && (!isWrapped || tokens.take(')'))
  }

  function collection(): boolean {
    hasValue = true
    return !tokens.take('(') || tokens.take(')') || (value(0) && tokens.take(')'))
  }

  function statement(): boolean {
    if (tokens.take(';') || tokens.take(',') || tokens.match(esModule) !== undefined) return true
    if (tokens.match(declaring) !== undefined) return declaration()
    isExported = true
    if (mayAssign && tokens.match(globalPlace) !== undefined) return globalStatement()
    if (tokens.match(exportList) !== undefined) return true
    const isAssigned = tokens.match(exportDefault) !== undefined || tokens.match(commonExport) !== undefined
    return isAssigned && value(0)
  }

  while (!tokens.isAtEnd()) if (!statement()) return tokens.isCut() ? 'unsure' : 'other code'
  return hasValue && isExported ? 'literals' : 'unsure'
}

interface Tokens {
  match(pattern: RegExp): string | undefined
  take(punctuator: string): boolean
  string(): boolean
  isAtEnd(): boolean
  /** Whether what stands here may be longer than the text. */
  isCut(): boolean
}

function tokensOf(code: string): Tokens {
  let at = prologueEnd(code)

  function match(pattern: RegExp): string | undefined {
    pattern.lastIndex = at
    const found = pattern.exec(code)?.[0]
    at += found?.length ?? 0
    return found
  }

  return {
    match(pattern) {
      match(blanks)
      return match(pattern)
    },
    take(punctuator) {
      match(blanks)
      if (!code.startsWith(punctuator, at)) return false
      at += punctuator.length
      return true
    },
    string() {
      match(blanks)
      const end = stringEnd(code, at)
      if (end === undefined) return false
      at = end
      return true
    },
    isAtEnd() {
      match(blanks)
      return at >= code.length
    },
    isCut: () => at > code.length - 64 || '"\'`/'.includes(code[at] as string),
  }
}

/** By hand: an expression keeps a state for each character of a long string. */
function stringEnd(code: string, start: number): number | undefined {
  const quote = code[start]
  if (quote !== '"' && quote !== "'" && quote !== '`') return undefined
  for (let at = start + 1; at < code.length; at++) {
    const char = code[at]
    if (char === '\\') at += 1
    else if (char === quote) return at + 1
    else if (quote === '`' && char === '$' && code[at + 1] === '{') return undefined
  }
  return undefined
}
