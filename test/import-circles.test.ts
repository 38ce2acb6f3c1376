import { readdir, readFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import ts from 'typescript'
import { expect, test } from 'vitest'

/** Modules that import each other's values work or break by the order in which they are loaded; there are none. */

const root = dirname(import.meta.dirname)

const packages = (await readdir(join(root, 'packages'), { withFileTypes: true })).filter(entry => entry.isDirectory())

test.each(packages.map(({ name }) => name))('packages/%s/src has no circle of imported values', async name => {
  const graph = await readGraph(join(root, 'packages', name, 'src'))
  expect(graph.size).toBeGreaterThan(0)
  expect(circlesIn(graph).map(circle => circle.map(file => relative(root, file)).join(' → '))).toEqual([])
})

test('a circle is found, whether it is closed by an import, an export or later; types close none', () => {
  const graph = new Map(
    Object.entries({
      '/a.ts': "import './b.ts'",
      '/b.ts': "export * from './c.ts'",
      '/c.ts': "export const load = () => import('./a.ts')",
      '/d.ts': "import type { A } from './e.ts'\nimport { type B } from './e.ts'",
      '/e.ts': "import './d.ts'\nexport type { A } from './d.ts'",
    }).map(([file, text]) => [file, importsOf(file, text)]),
  )
  expect(circlesIn(graph)).toEqual([['/a.ts', '/b.ts', '/c.ts', '/a.ts']])
})

async function readGraph(dir: string): Promise<Map<string, string[]>> {
  const entries = await readdir(dir, { recursive: true })
  const files = entries.filter(path => /(?<!\.d)\.[jt]s$/.test(path)).map(path => join(dir, path))
  return new Map(
    await Promise.all(files.map(async file => [file, importsOf(file, await readFile(file, 'utf8'))] as const)),
  )
}

/** The files whose values a file imports, at its start or later. */
function importsOf(file: string, text: string): string[] {
  const found: string[] = []
  const add = (specifier: ts.Node | undefined) => {
    if (specifier && ts.isStringLiteral(specifier) && specifier.text.startsWith('.')) {
      found.push(resolve(dirname(file), specifier.text))
    }
  }
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && !isTypeOnly(node.importClause)) add(node.moduleSpecifier)
    else if (ts.isExportDeclaration(node) && !isTypeOnly(node)) add(node.moduleSpecifier)
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) add(node.arguments[0])
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest))
  return found
}

function isTypeOnly(clause: ts.ImportClause | ts.ExportDeclaration | undefined): boolean {
  if (!clause) return false
  if (clause.isTypeOnly) return true
  if (ts.isImportClause(clause) && clause.name) return false
  const names = ts.isImportClause(clause) ? clause.namedBindings : clause.exportClause
  if (!names || !(ts.isNamedImports(names) || ts.isNamedExports(names))) return false
  return names.elements.length > 0 && names.elements.every(element => element.isTypeOnly)
}

/** Each circle as a path that ends where it starts; only one per set of files. */
function circlesIn(graph: Map<string, string[]>): string[][] {
  const done = new Set<string>()
  const circles: string[][] = []
  const walk = (file: string, path: string[]): void => {
    const at = path.indexOf(file)
    if (at >= 0) return void circles.push([...path.slice(at), file])
    if (done.has(file)) return
    for (const next of graph.get(file) ?? []) walk(next, [...path, file])
    done.add(file)
  }
  for (const file of graph.keys()) walk(file, [])
  return circles
}
