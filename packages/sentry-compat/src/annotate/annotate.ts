import { basename } from 'node:path'
import { parse } from '@babel/parser'
import MagicString from 'magic-string'
import { type AnyNode, namedComponents, returnedJsx } from './components.ts'
import { isDomElement } from './elements.ts'

export interface Annotated {
  code: string
  map: { toString(): string }
}

/**
 * Gives the elements of the DOM that a component returns its name, in an attribute that the SDK reads. Nothing else is changed: no
 * component gets a prop that it did not have.
 *
 * @param file path of the module
 * @returns undefined where nothing is to be annotated, or the module does not parse
 */
export function annotate(code: string, file: string, ignoredComponents: readonly string[]): Annotated | undefined {
  const tree = parseModule(code, file)
  if (!tree) return undefined
  const text = new MagicString(code)
  const done = new Set<AnyNode>()
  const isIgnored = (name: string) => ignoredComponents.includes(name)
  const name = basename(file.replace(/[?#].*$/, ''))

  function annotateElement(component: string, element: AnyNode): void {
    const opening = element.openingElement as AnyNode | undefined
    const tag = opening?.name as AnyNode | undefined
    const isDom = tag?.type === 'JSXIdentifier' && isDomElement(tag.name as string)
    if (!opening || !tag || !isDom) {
      for (const child of children(element)) annotateElement(component, child)
      return
    }
    if (done.has(opening) || isIgnored(tag.name as string) || hasAttribute(opening)) return
    done.add(opening)
    const at = ((opening.typeParameters ?? opening.typeArguments ?? tag) as AnyNode).end
    text.appendLeft(at, ` data-sentry-component="${component}" data-sentry-source-file="${attribute(name)}"`)
  }

  for (const { name: component, node } of namedComponents(tree)) {
    if (isIgnored(component)) continue
    for (const element of returnedJsx(node)) annotateElement(component, element)
  }
  if (!text.hasChanged()) return undefined
  return { code: text.toString(), map: text.generateMap({ hires: true, source: name, includeContent: true }) }
}

function parseModule(code: string, file: string): AnyNode | undefined {
  const isTypeScript = /\.tsx(?:[?#]|$)/.test(file)
  const plugins = ['jsx', isTypeScript ? 'typescript' : 'flow', 'decorators-legacy'] as const
  try {
    const { program } = parse(code, { sourceType: 'module', errorRecovery: true, plugins: [...plugins] })
    return program as unknown as AnyNode
  } catch {
    // The bundler's own parser says what is wrong, and where.
    return undefined
  }
}

function children(element: AnyNode): AnyNode[] {
  const all = (element.children ?? []) as AnyNode[]
  return all.filter(({ type }) => type === 'JSXElement' || type === 'JSXFragment')
}

function hasAttribute({ attributes }: AnyNode): boolean {
  return (attributes as AnyNode[]).some(each => (each.name as AnyNode | undefined)?.name === 'data-sentry-component')
}

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
}
