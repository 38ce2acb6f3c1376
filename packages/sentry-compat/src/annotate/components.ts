/** A node of Babel's tree, as far as it is looked at. */
export interface AnyNode {
  type: string
  start: number
  end: number
  [field: string]: unknown
}

export interface Component {
  name: string
  /** A function, or the method `render` of a class. */
  node: AnyNode
}

/** Functions and classes with a name of their own, or of the variable that they are in, be it through `memo()` and the like. */
export function namedComponents(tree: AnyNode): Component[] {
  const found: Component[] = []
  visit(tree, node => {
    if (node.type === 'FunctionDeclaration') add(found, node.id, node)
    if (node.type === 'VariableDeclarator') add(found, node.id, functionIn(node.init as AnyNode | null))
    if (node.type === 'ClassDeclaration') add(found, node.id, renderMethod(node))
    return true
  })
  return found
}

function add(found: Component[], id: unknown, node: AnyNode | undefined): void {
  const name = (id as AnyNode | null)?.name
  if (typeof name === 'string' && node) found.push({ name, node })
}

/** The function itself, or the first one that a call gets: `memo(forwardRef(() => …))`. */
function functionIn(value: AnyNode | null): AnyNode | undefined {
  if (!value) return undefined
  if (isFunction(value)) return value
  if (value.type !== 'CallExpression') return undefined
  const [first] = value.arguments as AnyNode[]
  return functionIn(first ?? null)
}

function renderMethod({ body }: AnyNode): AnyNode | undefined {
  const members = (body as AnyNode).body as AnyNode[]
  return members.find(({ type, key }) => type === 'ClassMethod' && (key as AnyNode).name === 'render')
}

/** The JSX that a function returns, by any of its `return`s but not by those of functions in it. */
export function returnedJsx(node: AnyNode): AnyNode[] {
  const body = node.body as AnyNode
  if (body.type !== 'BlockStatement') return jsxIn(body)
  const found: AnyNode[] = []
  visit(body, child => {
    if (isFunction(child) || child.type === 'ClassDeclaration') return false
    if (child.type === 'ReturnStatement' && child.argument) found.push(...jsxIn(child.argument as AnyNode))
    return true
  })
  return found
}

/** What an expression may come to, if it is JSX. */
function jsxIn(value: AnyNode): AnyNode[] {
  if (value.type === 'JSXElement' || value.type === 'JSXFragment') return [value]
  if (value.type === 'ConditionalExpression')
    return [...jsxIn(value.consequent as AnyNode), ...jsxIn(value.alternate as AnyNode)]
  if (value.type === 'LogicalExpression') return [...jsxIn(value.left as AnyNode), ...jsxIn(value.right as AnyNode)]
  return []
}

function isFunction({ type }: AnyNode): boolean {
  return /^(?:FunctionDeclaration|FunctionExpression|ArrowFunctionExpression|ObjectMethod|ClassMethod)$/.test(type)
}

/** @param see says whether to look inside */
function visit(node: AnyNode, see: (node: AnyNode) => boolean): void {
  if (!see(node)) return
  for (const value of Object.values(node)) {
    for (const child of [value].flat()) {
      if (typeof child === 'object' && child !== null && typeof (child as AnyNode).type === 'string')
        visit(child as AnyNode, see)
    }
  }
}
