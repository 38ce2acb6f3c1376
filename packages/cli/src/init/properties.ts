import { type Node, nameOf } from './syntax.ts'

/** Undefined for what is not a literal, or has a part that is not. */
export function propertiesOf(node: Node): [key: string, property: Node][] | undefined {
  if (node.type !== 'ObjectExpression') return undefined
  const entries: [string, Node][] = []
  for (const property of node.properties as Node[]) {
    const key = property.key as (Node & { value?: unknown }) | undefined
    const name = key && (nameOf(key) ?? (typeof key.value === 'string' ? key.value : undefined))
    if (property.type !== 'ObjectProperty' || property.computed || name === undefined) return undefined
    entries.push([name, property])
  }
  return entries
}
