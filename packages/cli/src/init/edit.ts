import MagicString from 'magic-string'
import type { Bundler } from './bundlers.ts'
import { carryOver } from './carry-over.ts'
import { findConfigObjects } from './find-objects.ts'
import { type Binding, type Node, nameOf, readSyntax, type Syntax, walk } from './syntax.ts'
import { type Vendor, vendors } from './vendors.ts'

/** What is to become of a config. */
export type Edit =
  | { kind: 'changed'; text: string; notes: string[]; given: string[]; replaced: Vendor | undefined }
  | { kind: 'unchanged' }
  /** Why a person has to do it. */
  | { kind: 'refused'; reason: string }

/** @param tracker the vendor whose SDK the project has */
export function editConfig(text: string, path: string, bundler: Bundler, tracker: Vendor | undefined): Edit {
  let syntax: Syntax
  try {
    syntax = readSyntax(text, path)
  } catch (cause) {
    return { kind: 'refused', reason: `it cannot be parsed: ${(cause as Error).message}` }
  }
  if (syntax.bindings.some(({ source }) => source.startsWith('mapseal/'))) return { kind: 'unchanged' }
  const edit: Editing = { syntax, output: new MagicString(text), bundler, notes: [], given: [] }
  const vendor = vendors.find(({ plugin }) => syntax.bindings.some(({ source }) => plugin.test(source)))
  const problem = vendor ? swap(edit, vendor) : insert(edit, tracker)
  if (problem) return { kind: 'refused', reason: problem }
  return { kind: 'changed', text: edit.output.toString(), notes: edit.notes, given: edit.given, replaced: vendor }
}

interface Editing {
  syntax: Syntax
  output: MagicString
  bundler: Bundler
  notes: string[]
  given: string[]
}

/** Puts ours into the place of the vendor's plugin. @returns why it cannot be done */
function swap(edit: Editing, vendor: Vendor): string | undefined {
  const { syntax, output } = edit
  const { destination } = vendor
  const own = syntax.bindings.filter(({ source }) => vendor.plugin.test(source))
  const calls = callsOf(own, syntax).filter(call =>
    (destination.calls ?? /./).test(syntax.text.slice(call.start, (call.callee as Node).end)),
  )
  if (calls.length === 0) return `the plugin of ${vendor.name} is imported, but no call of it was found`
  for (const call of calls) {
    const carried = carryOver(call, syntax.text, destination)
    if (!carried) return `the options of ${vendor.name}'s plugin are not written out in the call`
    const inner = carried.destination.length > 0 ? `{ ${carried.destination.join(', ')} }` : ''
    const options = [...carried.own, `destinations: [${destination.name}(${inner})]`]
    output.overwrite(call.start, call.end, callWith(options, indentAt(syntax.text, call.start)))
    edit.notes.push(...carried.notes)
    edit.given.push(...carried.given)
  }
  if (isUsedElsewhere(own, calls, syntax)) {
    addImports(edit, [destination.name])
    return undefined
  }
  const [statement, ...rest] = new Set(own.map(binding => binding.statement))
  if (statement) output.overwrite(statement.start, statement.end, importsOf(edit, [destination.name]))
  for (const { start, end } of rest) output.remove(start, end)
  return undefined
}

/** On one line, if it is not too long for that. */
function callWith(options: string[], indent: string): string {
  const line = `mapseal({ ${options.join(', ')} })`
  if (line.length <= 80) return line
  return `mapseal({\n${options.map(option => `${indent}  ${option},\n`).join('')}${indent}})`
}

function indentAt(text: string, at: number): string {
  return /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', at - 1) + 1))?.[0] ?? ''
}

/** Calls and `new` of one of the names, or of a member of it. */
function callsOf(bindings: Binding[], { statements }: Syntax): Node[] {
  const locals = new Set(bindings.map(({ local }) => local))
  const calls: Node[] = []
  for (const statement of statements) {
    walk(statement, node => {
      if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return
      const name = nameOf(node.callee as Node)?.split('.')[0]
      if (name !== undefined && locals.has(name)) calls.push(node)
    })
  }
  return calls
}

function isUsedElsewhere(bindings: Binding[], calls: Node[], { statements }: Syntax): boolean {
  const locals = new Set(bindings.map(({ local }) => local))
  const own = [...calls, ...bindings.map(({ statement }) => statement)]
  let isUsed = false
  for (const statement of statements) {
    walk(statement, node => {
      if (own.includes(node)) return false
      if (node.type === 'Identifier' && locals.has(node.name as string)) isUsed = true
    })
  }
  return isUsed
}

/** Adds ours to the plugins of every config in the file. @returns why it cannot be done */
function insert(edit: Editing, tracker: Vendor | undefined): string | undefined {
  const objects = findConfigObjects(edit.syntax, edit.bundler)
  if (objects.length === 0) return 'no config was found in it'
  const destination = tracker?.destination.name
  const call = destination ? `mapseal({ destinations: [${destination}()] })` : 'mapseal()'
  for (const object of objects) {
    const problem = addPlugin(edit, object, call)
    if (problem) return problem
  }
  addImports(edit, destination ? [destination] : [])
  return undefined
}

function addPlugin(edit: Editing, object: Node, call: string): string | undefined {
  const properties = object.properties as Node[]
  const plugins = properties.find(({ key }) => nameOf(key as Node | undefined) === 'plugins')
  if (!plugins) return void addItem(edit, object, properties, `plugins: [${call}]`)
  const list = arrayOf(plugins.value as Node | undefined)
  if (!list) return '"plugins" is not a list'
  return void addItem(
    edit,
    list,
    (list.elements as (Node | null)[]).filter(element => element !== null),
    call,
  )
}

/** The list itself, or the one that `.filter(Boolean)` is called on. */
function arrayOf(node: Node | undefined): Node | undefined {
  if (node?.type === 'ArrayExpression') return node
  if (node?.type !== 'CallExpression') return undefined
  const callee = node.callee as Node
  return callee.type === 'MemberExpression' ? arrayOf(callee.object as Node) : undefined
}

/** Adds to a list or an object as the others are written: on a line of its own, with or without a comma behind it. */
function addItem({ syntax, output }: Editing, list: Node, items: Node[], item: string): void {
  const { text } = syntax
  const last = items.at(-1)
  if (!last) {
    const isObject = text[list.start] === '{'
    return void output.appendLeft(list.start + 1, isObject ? ` ${item} ` : item)
  }
  const rest = text.slice(last.end, list.end - 1)
  const lineStart = text.lastIndexOf('\n', last.start) + 1
  const isOnOwnLine =
    text.slice(list.start, last.start).includes('\n') && /^\s*$/.test(text.slice(lineStart, last.start))
  const gap = isOnOwnLine ? `\n${text.slice(lineStart, last.start)}` : ' '
  const comma = /^\s*,/.exec(rest)?.[0].length
  // Behind the comment that may follow on the same line.
  if (comma === undefined) output.appendLeft(last.end, `,${gap}${item}`)
  else {
    const at = last.end + comma + (isOnOwnLine ? (/^[^\n]*/.exec(rest.slice(comma))?.[0].length ?? 0) : 0)
    output.appendLeft(at, `${gap}${item}${isOnOwnLine ? ',' : ''}`)
  }
}

function importsOf({ syntax, bundler }: Editing, destinations: string[]): string {
  const { quote, semicolon, isCommonJs } = syntax
  const source = (path: string) => `${quote}mapseal/${path}${quote}`
  const line = (names: string, path: string) =>
    isCommonJs
      ? `const ${names} = require(${source(path)})${semicolon}`
      : `import ${names} from ${source(path)}${semicolon}`
  const others = destinations.map(name => line(`{ ${name} }`, `destinations/${name}`))
  return [line('mapseal', bundler.name), ...others].join('\n')
}

/** After the last import, else before the first statement. */
function addImports(edit: Editing, destinations: string[]): void {
  const { syntax, output } = edit
  const imports = importsOf(edit, destinations)
  const last = syntax.bindings.at(-1)?.statement
  const [first] = syntax.statements
  if (last) output.appendLeft(last.end, `\n${imports}`)
  else if (first) output.appendLeft(first.start, `${imports}\n\n`)
  else output.append(imports)
}
