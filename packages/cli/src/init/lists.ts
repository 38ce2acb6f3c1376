import { initializer } from './find-configs.ts'
import type { Node, Syntax } from './syntax.ts'

/**
 * The literals of a list: through variables, both branches of a condition, and calls such as `.filter(Boolean)`.
 *
 * @returns undefined where it is not all written out in the file
 */
export function listsOf(node: Node | undefined, syntax: Syntax, depth = 0): Node[] | undefined {
  if (!node || depth > 10) return undefined
  const inner = (next: unknown) => listsOf(next as Node | undefined, syntax, depth + 1)
  switch (node.type) {
    case 'ArrayExpression':
      return [node]
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'ParenthesizedExpression':
      return inner(node.expression)
    case 'Identifier':
      return inner(initializer(syntax, node.name as string))
    case 'ConditionalExpression': {
      const branches = [inner(node.consequent), inner(node.alternate)]
      return branches.every(branch => branch !== undefined) ? branches.flat() : undefined
    }
    case 'CallExpression': {
      const callee = node.callee as Node
      return callee.type === 'MemberExpression' ? inner(callee.object) : undefined
    }
    default:
      return undefined
  }
}
