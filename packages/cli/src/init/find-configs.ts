import type { Bundler } from './bundlers.ts'
import { type Node, nameOf, requiredBy, type Syntax, textOf, walk } from './syntax.ts'

/** An object literal that is a config of the bundler. */
export interface Config {
  object: Node
  /** The variable that holds it, if one does. */
  name?: string | undefined
}

/** All of a file, in their order. */
export function findConfigs(syntax: Syntax, { name, calls }: Bundler): Config[] {
  const found = calls ? argumentsOf(syntax, name, calls) : exported(syntax)
  const configs = found.flatMap(node => configsOf(node, syntax))
  const byObject = new Map(configs.map(config => [config.object, config]))
  return [...byObject.values()].sort((a, b) => a.object.start - b.object.start)
}

/** What a file exports as its only or default value, in every way of writing that. */
export function exported({ statements }: Syntax): Node[] {
  return statements.flatMap(statement => {
    if (statement.type === 'ExportDefaultDeclaration') return [statement.declaration as Node]
    if (statement.type === 'TSExportAssignment') return [statement.expression as Node]
    if (statement.type === 'ExportNamedDeclaration' && !statement.source) {
      const specifiers = (statement.specifiers ?? []) as { local: Node; exported: Node }[]
      return specifiers.filter(({ exported }) => nameOf(exported) === 'default').map(({ local }) => local)
    }
    const expression = statement.type === 'ExpressionStatement' ? (statement.expression as Node) : undefined
    const isExports =
      expression?.type === 'AssignmentExpression' &&
      /^(?:module\.exports|(?:module\.)?exports\.default)$/.test(nameOf(expression.left as Node) ?? '')
    return isExports ? [expression.right as Node] : []
  })
}

/** The first argument of each call of the bundler, by whatever name it is imported. */
function argumentsOf({ statements, bindings }: Syntax, module: string, calls: string[]): Node[] {
  const own = bindings.filter(({ source }) => source === module)
  const isBundler = (node: Node): boolean => {
    if (node.type === 'AwaitExpression') return isBundler(node.argument as Node)
    if (node.type === 'CallExpression' && (node.callee as Node).type === 'Import')
      return textOf((node.arguments as Node[])[0]) === module
    const isBound = own.some(({ local, imported }) => local === nameOf(node) && /^(?:\*|default)$/.test(imported))
    return isBound || nameOf(node) === module || requiredBy(node) === module
  }
  const isCalled = (callee: Node) => {
    if (callee.type === 'MemberExpression')
      return isBundler(callee.object as Node) && calls.includes(nameOf(callee.property as Node) ?? '')
    return own.some(({ local, imported }) => local === nameOf(callee) && calls.includes(imported))
  }
  const found: Node[] = []
  for (const statement of statements) {
    walk(statement, node => {
      const [argument] = node.type === 'CallExpression' ? (node.arguments as Node[]) : []
      if (argument && isCalled(node.callee as Node)) found.push(argument)
    })
  }
  return found
}

/** What an expression comes to: through wrappers, calls, functions, arrays and variables. */
export function configsOf(node: Node, syntax: Syntax, name?: string, depth = 0): Config[] {
  const inner = (next: unknown) => (next && depth < 10 ? configsOf(next as Node, syntax, name, depth + 1) : [])
  switch (node.type) {
    case 'ObjectExpression':
      return [{ object: node, name }]
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
          .filter(configs => configs.length > 0)
          .at(-1) ?? []
      )
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
    case 'FunctionDeclaration': {
      const body = node.body as Node
      return body.type === 'BlockStatement' ? returned(body).flatMap(inner) : inner(body)
    }
    case 'Identifier': {
      const own = node.name as string
      const value = depth < 10 ? initializer(syntax, own) : undefined
      return value ? configsOf(value, syntax, own, depth + 1) : []
    }
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
export function initializer({ statements }: Syntax, name: string): Node | undefined {
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
