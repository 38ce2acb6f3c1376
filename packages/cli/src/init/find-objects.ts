import type { Bundler } from './bundlers.ts'
import { type Node, nameOf, type Syntax, walk } from './syntax.ts'

/** The object literals of a file that are configs of the bundler, in their order. */
export function findConfigObjects(syntax: Syntax, { calls, isScripted }: Bundler): Node[] {
  const found = isScripted ? argumentsOf(syntax, calls) : exported(syntax)
  return [...new Set(found.flatMap(node => objectsOf(node, syntax)))].sort((a, b) => a.start - b.start)
}

function exported({ statements }: Syntax): Node[] {
  return statements.flatMap(statement => {
    if (statement.type === 'ExportDefaultDeclaration') return [statement.declaration as Node]
    const expression = statement.type === 'ExpressionStatement' ? (statement.expression as Node) : undefined
    const isExports =
      expression?.type === 'AssignmentExpression' && nameOf(expression.left as Node) === 'module.exports'
    return isExports ? [expression.right as Node] : []
  })
}

function argumentsOf({ statements }: Syntax, calls: string[]): Node[] {
  const found: Node[] = []
  for (const statement of statements) {
    walk(statement, node => {
      if (node.type !== 'CallExpression') return
      const name = nameOf(node.callee as Node)
      if (name !== undefined && calls.includes(name.replace(/^esbuild\./, '')))
        found.push((node.arguments as Node[])[0] as Node)
    })
  }
  return found.filter(Boolean)
}

/** What an expression comes to: through wrappers, calls, functions, arrays and variables. */
function objectsOf(node: Node, syntax: Syntax, depth = 0): Node[] {
  const inner = (next: unknown) => (next && depth < 10 ? objectsOf(next as Node, syntax, depth + 1) : [])
  switch (node.type) {
    case 'ObjectExpression':
      return [node]
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'ParenthesizedExpression':
      return inner(node.expression)
    case 'AwaitExpression':
      return inner(node.argument)
    case 'ArrayExpression':
      return (node.elements as unknown[]).flatMap(inner)
    case 'ConditionalExpression':
      return [...inner(node.consequent), ...inner(node.alternate)]
    case 'CallExpression':
      // As of `defineConfig(…)`, and of `merge(common, …)`, where the last one is this file's own.
      return (
        (node.arguments as unknown[])
          .map(inner)
          .filter(objects => objects.length > 0)
          .at(-1) ?? []
      )
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
    case 'FunctionDeclaration': {
      const body = node.body as Node
      return body.type === 'BlockStatement' ? returned(body).flatMap(inner) : inner(body)
    }
    case 'Identifier':
      return inner(initializer(syntax, node.name as string))
    default:
      return []
  }
}

function returned(body: Node): Node[] {
  const found: Node[] = []
  walk(body, node => {
    if (node !== body && /Function/.test(node.type)) return false
    if (node.type === 'ReturnStatement' && node.argument) found.push(node.argument as Node)
    return
  })
  return found
}

/** The first variable or function of the name, anywhere in the file. */
function initializer({ statements }: Syntax, name: string): Node | undefined {
  let found: Node | undefined
  for (const statement of statements) {
    walk(statement, node => {
      if (found) return false
      if (node.type === 'VariableDeclarator' && nameOf(node.id as Node) === name)
        found = (node.init as Node) ?? undefined
      if (node.type === 'FunctionDeclaration' && nameOf(node.id as Node) === name) found = node
    })
  }
  return found
}
