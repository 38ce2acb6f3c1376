import MagicString from 'magic-string'

/** A node of an ESTree, as far as it is looked at. */
interface Node {
  type: string
  start: number
  end: number
  [field: string]: unknown
}

export interface Replaced {
  code: string
  map: { toString(): string }
}

/**
 * Replaces constants in a module, where they are read and nowhere else: not in strings, comments, names of properties, or where
 * the module has a variable of that name.
 */
export function replaceFlags(code: string, tree: unknown, flags: Record<string, boolean>): Replaced | undefined {
  const reads: { node: Node; isShorthand: boolean }[] = []
  const declared = new Set<string>()
  visit(tree as Node, undefined, '', (node, parent, field) => {
    if (node.type !== 'Identifier' || !Object.hasOwn(flags, node.name as string)) return
    if (isDeclaration(parent, field)) declared.add(node.name as string)
    else if (isRead(node, parent, field)) reads.push({ node, isShorthand: parent?.shorthand === true })
  })
  const text = new MagicString(code)
  for (const { node, isShorthand } of reads) {
    const name = node.name as string
    if (declared.has(name)) continue
    text.overwrite(node.start, node.end, `${isShorthand ? `${name}: ` : ''}${flags[name]}`)
  }
  return text.hasChanged() ? { code: text.toString(), map: text.generateMap({ hires: true }) } : undefined
}

function isDeclaration(parent: Node | undefined, field: string): boolean {
  if (!parent) return false
  const isNamed = /^(?:VariableDeclarator|Function|Class|Import\w*Specifier)/.test(parent.type)
  return (isNamed && (field === 'id' || field === 'local' || field === 'params')) || parent.type === 'CatchClause'
}

function isRead(node: Node, parent: Node | undefined, field: string): boolean {
  if (!parent) return false
  if (parent.type === 'MemberExpression') return field === 'object' || parent.computed === true
  if (/^(?:Property|MethodDefinition|PropertyDefinition)$/.test(parent.type)) {
    // A shorthand is one node or two with the same place; its value is the one that is read.
    return field === 'value' || (parent.computed === true && field === 'key')
  }
  if (parent.type === 'AssignmentExpression') return field !== 'left'
  return !/^(?:Labeled|Break|Continue)Statement$|^(?:Ex|Im)port\w*Specifier$/.test(parent.type) && node.start < node.end
}

function visit(
  node: Node,
  parent: Node | undefined,
  field: string,
  see: (node: Node, parent: Node | undefined, field: string) => void,
): void {
  see(node, parent, field)
  for (const [key, value] of Object.entries(node)) {
    for (const child of [value].flat()) if (isNode(child)) visit(child, node, key, see)
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string'
}
