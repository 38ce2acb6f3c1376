import { carryOver } from './carry-over.ts'
import type { Editing } from './edit.ts'
import { addImports, importsOf } from './imports.ts'
import { type Binding, moduleNames, type Node, nameOf, namesIn, type Syntax, textOf, walk } from './syntax.ts'
import type { Vendor } from './vendors.ts'

/** Puts ours into the place of the vendor's plugin. @returns why it cannot be done */
export function swap(edit: Editing, vendor: Vendor): string | undefined {
  const problem = swapCalls(edit, vendor)
  return problem !== undefined && vendor.name === 'Sentry' ? swapModule(edit, vendor) : problem
}

/** Changes nothing where it cannot be done. */
function swapCalls(edit: Editing, vendor: Vendor): string | undefined {
  const { syntax, output, bundler } = edit
  const { destination } = vendor
  const own = syntax.bindings.filter(({ source }) => vendor.plugin.test(source))
  const names = moduleNames(syntax).filter(name => vendor.plugin.test(textOf(name) ?? ''))
  if (names.some(name => !own.some(({ statement }) => isIn(name, statement))))
    return `the plugin of ${vendor.name} is imported where it is used`
  const calls = callsOf(own, syntax).filter(call =>
    (destination.calls ?? /./).test(syntax.text.slice(call.start, (call.callee as Node).end)),
  )
  if (calls.length === 0) return `the plugin of ${vendor.name} is imported, but no call of it was found`
  const carried = calls.map(call => carryOver(call, syntax.text, destination))
  if (!carried.every(each => each !== undefined))
    return `the options of ${vendor.name}'s plugin are not written out in the call`
  const isUsed = isUsedElsewhere(own, calls, syntax)
  if (isUsed && own.every(({ imported }) => ofCompat.test(imported))) return 'more than the plugin is used'
  const isReplaced = !isUsed && !own.some(({ statement }) => hasOthers(statement, own))
  const entry = entryFor(own[0]?.source ?? '', bundler.name)
  const imports = importsOf(edit, entry, destination.name, isReplaced ? own : [])
  for (const [index, { own, destination: fields, given, notes }] of carried.entries()) {
    const call = calls[index] as Node
    const inner = fields.length > 0 ? `{ ${fields.join(', ')} }` : ''
    const options = [...own, `destinations: [${imports.destination}(${inner})]`]
    output.overwrite(call.start, call.end, callWith(imports.plugin, options, indentAt(syntax.text, call.start)))
    edit.notes.push(...notes)
    edit.given.push(...given)
  }
  if (!isReplaced) {
    addImports(edit, imports)
    return undefined
  }
  const [statement, ...rest] = new Set(own.map(binding => binding.statement))
  if (statement) output.overwrite(statement.start, statement.end, imports.lines)
  for (const { start, end } of rest) output.remove(start, end)
  return undefined
}

/** What `@mapseal/sentry-compat` exports, by Sentry's names. */
const ofCompat = /^(?:default|sentry\w+Plugin|SentryWebpackPlugin|Sentry\w+PluginOptions|sentryCliBinaryExists)$/

/** Takes the plugin of the same name from `@mapseal/sentry-compat`, which takes all of its options. */
function swapModule(edit: Editing, vendor: Vendor): string | undefined {
  const { syntax, output } = edit
  for (const name of moduleNames(syntax)) {
    const source = textOf(name) ?? ''
    if (!vendor.plugin.test(source)) continue
    const kind = kindOf(source)
    if (!kind) return `${source} has no entry for one bundler`
    output.overwrite(name.start, name.end, `${syntax.quote}@mapseal/sentry-compat/${kind}${syntax.quote}`)
  }
  edit.needed = '@mapseal/sentry-compat'
  edit.given.push(...keysIn(syntax))
  edit.notes.push(
    'The plugin keeps its name and all of its options: @mapseal/sentry-compat takes those that mapseal() does not.',
  )
  return undefined
}

/** Names of all fields: the plugin's options may be anywhere in the file. */
function keysIn({ statements }: Syntax): string[] {
  const keys = new Set<string>()
  for (const statement of statements) {
    walk(statement, node => void (node.type === 'ObjectProperty' && keys.add(nameOf(node.key as Node) ?? '')))
  }
  return [...keys]
}

function kindOf(source: string): string | undefined {
  return /vite|webpack|rspack|rollup|esbuild/.exec(source)?.[0]
}

/** Bundlers whose plugins of each kind are ours by the name of the bundler. */
const families: Record<string, string[]> = {
  vite: ['vite', 'astro'],
  webpack: ['webpack', 'rspack'],
  rollup: ['rollup', 'rolldown', 'vite'],
}

/** Our entry for the place where a plugin of this package is: a config may have plugins of another bundler in it. */
function entryFor(source: string, bundler: string): string {
  const kind = kindOf(source)
  if (!kind || families[kind]?.includes(bundler)) return bundler
  return kind === 'webpack' && bundler === 'rsbuild' ? 'rspack' : kind
}

function isIn(node: Node, { start, end }: Node): boolean {
  return node.start >= start && node.end <= end
}

/** Whether a `const` declares more than the vendor's names. */
function hasOthers(statement: Node, own: Binding[]): boolean {
  const { declarations = [] } = statement as { declarations?: Node[] }
  const locals = own.map(({ local }) => local)
  return declarations.some(({ id }) => namesIn(id as Node).some(({ local }) => !locals.includes(local)))
}

/** On one line, if it is not too long for that. */
function callWith(plugin: string, options: string[], indent: string): string {
  const line = `${plugin}({ ${options.join(', ')} })`
  if (line.length <= 80) return line
  return `${plugin}({\n${options.map(option => `${indent}  ${option},\n`).join('')}${indent}})`
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
