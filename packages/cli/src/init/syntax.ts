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
  /** Its name there; `default` and `*` for the module itself. */
  imported: string
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
    const specifiers = statement.specifiers as { type: string; local: { name: string }; imported?: Node }[]
    return specifiers.map(({ type, local, imported }) => {
      const whole = type === 'ImportDefaultSpecifier' ? 'default' : '*'
      return { local: local.name, imported: imported ? keyOf(imported) : whole, source, statement }
    })
  }
  if (statement.type !== 'VariableDeclaration') return []
  return (statement.declarations as Node[]).flatMap(({ id, init }) => {
    const source = requiredBy(init as Node | null)
    if (source === undefined) return []
    const member = (init as Node).type === 'MemberExpression' ? keyOf((init as Node).property as Node) : '*'
    return namesIn(id as Node, member).map(names => ({ ...names, source, statement }))
  })
}

/** The argument of `require('x')`, also in `require('x').y`. */
export function requiredBy(node: Node | null): string | undefined {
  if (node?.type === 'MemberExpression') return requiredBy(node.object as Node)
  if (node?.type !== 'CallExpression' || nameOf(node.callee as Node) !== 'require') return undefined
  return textOf((node.arguments as Node[])[0])
}

/** The names that a pattern declares. @param imported what a name outside an object pattern stands for */
export function namesIn(pattern: Node, imported = ''): { local: string; imported: string }[] {
  if (pattern.type === 'Identifier') return [{ local: pattern.name as string, imported }]
  if (pattern.type !== 'ObjectPattern') return []
  const properties = pattern.properties as { key?: Node; value?: Node }[]
  return properties.flatMap(({ key, value }) => (key && value ? namesIn(value, keyOf(key)) : []))
}

/** The key that is written as a name or as text. */
function keyOf(node: Node): string {
  return nameOf(node) ?? textOf(node) ?? ''
}

/** Undefined for what is not a literal text. */
export function textOf(node: Node | undefined): string | undefined {
  return typeof node?.value === 'string' ? node.value : undefined
}

/** The literals that name modules, wherever in the file these are imported or required. */
export function moduleNames({ statements }: Syntax): Node[] {
  const found: Node[] = []
  for (const statement of statements) {
    walk(statement, node => {
      const isDeclaration = /^(?:Import|Export\w*)Declaration$/.test(node.type)
      const isCall = node.type === 'CallExpression' && /^(?:require|import)$/.test(calleeName(node))
      const name = isDeclaration ? node.source : isCall ? (node.arguments as Node[])[0] : undefined
      if (textOf(name as Node | undefined) !== undefined) found.push(name as Node)
    })
  }
  return found
}

function calleeName({ callee }: Node): string {
  return (callee as Node).type === 'Import' ? 'import' : (nameOf(callee as Node) ?? '')
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
