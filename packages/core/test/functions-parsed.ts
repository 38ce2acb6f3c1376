import type { Node } from '@babel/types'

export interface ParsedFunction {
  /** The offset of the last character of its body that is in no other function. */
  end: number
  name: string | undefined
}

type Children = Record<string, unknown>

/** The functions with a block for a body, under the names that the language gives them. */
export function functionsOf(program: Node): ParsedFunction[] {
  const found: ParsedFunction[] = []

  function visit(node: Node, name?: string, owner?: string): void {
    const own = ownName(node, name, owner)
    if ('body' in node && isFunction(node) && node.body && !Array.isArray(node.body)) {
      if (node.body.type === 'BlockStatement') found.push({ end: node.body.end ?? 0, name: own })
    }
    const inner = node.type === 'ClassDeclaration' || node.type === 'ClassExpression' ? own : owner
    for (const [key, value] of Object.entries(node as unknown as Children)) {
      for (const child of Array.isArray(value) ? value : [value]) {
        if (isNode(child)) visit(child, nameFor(node, key), isOwned(node) ? inner : undefined)
      }
    }
  }
  visit(program)
  return found
}

/** Methods know the class they stand in, and nothing further inside does. */
function isOwned({ type }: Node): boolean {
  return type === 'ClassDeclaration' || type === 'ClassExpression' || type === 'ClassBody'
}

function isFunction({ type }: Node): boolean {
  return /^(?:Function(?:Declaration|Expression)|ArrowFunctionExpression|ObjectMethod|Class(?:Private)?Method)$/.test(
    type,
  )
}

function ownName(node: Node, inferred: string | undefined, owner: string | undefined): string | undefined {
  if (node.type === 'ObjectMethod') return keyOf(node)
  if (node.type === 'ClassMethod' || node.type === 'ClassPrivateMethod') {
    const key = keyOf(node)
    if (key === undefined || owner === undefined) return key
    return node.kind === 'constructor' ? `new ${owner}` : `${owner}.${key}`
  }
  return ('id' in node && node.id && 'name' in node.id ? String(node.id.name) : undefined) ?? inferred
}

/** What a function is named for that stands there. */
function nameFor(node: Node, key: string): string | undefined {
  switch (node.type) {
    case 'VariableDeclarator':
      return key === 'init' && node.id.type === 'Identifier' ? node.id.name : undefined
    case 'AssignmentPattern':
      return key === 'right' && node.left.type === 'Identifier' ? node.left.name : undefined
    case 'AssignmentExpression': {
      if (key !== 'right' || !node.operator.endsWith('=') || /[<>!=]=$/.test(node.operator)) return
      if (node.left.type === 'Identifier') return node.left.name
      if (node.left.type !== 'MemberExpression' || node.left.computed) return
      return node.left.property.type === 'Identifier' ? node.left.property.name : undefined
    }
    case 'ObjectProperty':
    case 'ClassProperty':
    case 'ClassPrivateProperty':
      return key === 'value' ? keyOf(node) : undefined
    case 'ExportDefaultDeclaration':
      return 'default'
  }
}

function keyOf(node: { key: Node; computed?: boolean | null }): string | undefined {
  const { key } = node
  if (node.computed) return
  if (key.type === 'Identifier') return key.name
  if (key.type === 'PrivateName') return `#${key.id.name}`
  return key.type === 'StringLiteral' || key.type === 'NumericLiteral' ? String(key.value) : undefined
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string' && 'start' in value
}
