import { parse } from '@babel/parser'

/** A node of Babel's tree, as far as it is looked at. */
export interface Node {
  type: string
  start: number
  end: number
  [field: string]: unknown
}

/** A name that a file imports or requires. */
export interface Binding {
  local: string
  source: string
  /** The whole statement. */
  statement: Node
}

export interface Syntax {
  text: string
  statements: Node[]
  bindings: Binding[]
  isCommonJs: boolean
  quote: string
  semicolon: string
}

/** @throws SyntaxError for what is not JavaScript or TypeScript */
export function readSyntax(text: string, path: string): Syntax {
  const plugins = [
    'decorators-legacy' as const,
    ...(/\.[cm]?ts$/.test(path) ? (['typescript'] as const) : (['jsx'] as const)),
  ]
  const { program } = parse(text, { sourceType: 'unambiguous', plugins, allowReturnOutsideFunction: true })
  const statements = program.body as unknown as Node[]
  const bindings = statements.flatMap(bindingsOf)
  const isModule = statements.some(({ type }) => /^(?:Import|Export)/.test(type))
  const first = /(?:from|require\()\s*(["'])/.exec(text)?.[1]
  const lines = statements.map(({ end }) => text[end - 1])
  return {
    text,
    statements,
    bindings,
    isCommonJs: !isModule && (/\.c[jt]s$/.test(path) || /\brequire\(|\bmodule\.exports\b/.test(text)),
    quote: first ?? (text.includes('"') ? '"' : "'"),
    semicolon: lines.length === 0 || lines.filter(end => end === ';').length * 2 < lines.length ? '' : ';',
  }
}

function bindingsOf(statement: Node): Binding[] {
  if (statement.type === 'ImportDeclaration') {
    const source = (statement.source as { value: string }).value
    const specifiers = statement.specifiers as { local: { name: string } }[]
    return specifiers.map(({ local }) => ({ local: local.name, source, statement }))
  }
  if (statement.type !== 'VariableDeclaration') return []
  return (statement.declarations as Node[]).flatMap(({ id, init }) => {
    const source = requiredBy(init as Node | null)
    if (source === undefined) return []
    return namesIn(id as Node).map(local => ({ local, source, statement }))
  })
}

/** The argument of `require('x')`, also in `require('x').y`. */
function requiredBy(node: Node | null): string | undefined {
  if (node?.type === 'MemberExpression') return requiredBy(node.object as Node)
  if (node?.type !== 'CallExpression' || nameOf(node.callee as Node) !== 'require') return undefined
  const [argument] = node.arguments as (Node & { value?: unknown })[]
  return typeof argument?.value === 'string' ? argument.value : undefined
}

function namesIn(pattern: Node): string[] {
  if (pattern.type === 'Identifier') return [pattern.name as string]
  if (pattern.type !== 'ObjectPattern') return []
  return (pattern.properties as { value?: Node }[]).flatMap(({ value }) => (value ? namesIn(value) : []))
}

/** `x` of the identifier `x`; `a.b` of a member. */
export function nameOf(node: Node | undefined): string | undefined {
  if (node?.type === 'Identifier') return node.name as string
  if (node?.type !== 'MemberExpression') return undefined
  const [object, property] = [nameOf(node.object as Node), nameOf(node.property as Node)]
  return object && property && `${object}.${property}`
}

/** Calls `visit` for a node and all below it, until it returns false. */
export function walk(node: Node, visit: (node: Node) => unknown): void {
  if (visit(node) === false) return
  for (const value of Object.values(node)) {
    for (const child of [value].flat()) if (isNode(child)) walk(child, visit)
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string' && 'start' in value
}
