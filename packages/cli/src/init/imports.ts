import type { Editing } from './edit.ts'
import { type Binding, type Node, namesIn, type Syntax, walk } from './syntax.ts'

/** What the edited config is to import. */
export interface Imports {
  /** Declarations, a line each. */
  lines: string
  /** What ours is called there. */
  plugin: string
  /** What the destination is called. */
  destination: string
}

/**
 * Chooses names that the file does not declare itself.
 *
 * @param entry of ours; undefined where that is not imported
 * @param freed names that the edit frees
 */
export function importsOf(
  { syntax }: Editing,
  entry: string | undefined,
  destination: string | undefined,
  freed: readonly Binding[] = [],
): Imports {
  const { quote, semicolon, isCommonJs } = syntax
  const taken = declaredNames(syntax)
  for (const { local } of freed) taken.delete(local)
  const free = (name: string, suffix: string) => (taken.has(name) ? `${name}${suffix}` : name)
  const line = (names: string, path: string) => {
    const source = `${quote}mapseal/${path}${quote}`
    return isCommonJs ? `const ${names} = require(${source})${semicolon}` : `import ${names} from ${source}${semicolon}`
  }
  const as = (name: string, local: string) =>
    name === local ? `{ ${name} }` : `{ ${name}${isCommonJs ? ': ' : ' as '}${local} }`
  const isWrapper = entry === 'next'
  const plugin = isWrapper ? 'withMapseal' : free('mapseal', 'Plugin')
  const local = destination === undefined ? '' : free(destination, 'Destination')
  const lines = [
    ...(entry === undefined ? [] : [line(isWrapper ? as(plugin, plugin) : plugin, entry)]),
    ...(destination === undefined ? [] : [line(as(destination, local), `destinations/${destination}`)]),
  ]
  return { lines: lines.join('\n'), plugin, destination: local }
}

/** After the last import, else before the first statement. */
export function addImports({ syntax, output }: Editing, { lines }: Imports): void {
  if (lines === '') return
  const last = syntax.bindings.at(-1)?.statement
  const [first] = syntax.statements
  if (last) output.appendLeft(last.end, `\n${lines}`)
  else if (first) output.appendLeft(first.start, `${lines}\n\n`)
  else output.append(lines)
}

function declaredNames({ statements, bindings }: Syntax): Set<string> {
  const names = new Set(bindings.map(({ local }) => local))
  const add = (pattern: Node) => {
    for (const { local } of namesIn(pattern)) names.add(local)
  }
  for (const statement of statements) {
    walk(statement, node => {
      if (node.type === 'VariableDeclarator') add(node.id as Node)
      if (/Function/.test(node.type)) for (const parameter of (node.params ?? []) as Node[]) add(parameter)
      if (/^(?:Function|Class)Declaration$/.test(node.type) && node.id) add(node.id as Node)
    })
  }
  return names
}
