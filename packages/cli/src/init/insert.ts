import { addItem } from './add-item.ts'
import type { Editing } from './edit.ts'
import { type Config, configsOf, findConfigs } from './find-configs.ts'
import { addImports, type Imports, importsOf } from './imports.ts'
import { listsOf } from './lists.ts'
import { type Node, nameOf, walk } from './syntax.ts'
import type { Vendor } from './vendors.ts'
import { wrap } from './wrap.ts'

/** Adds ours to every config in the file. @returns why it cannot be done */
export function insert(edit: Editing, tracker: Vendor | undefined): string | undefined {
  const { name, place = 'plugins' } = edit.bundler
  if (place === 'around') return wrap(edit, tracker)
  const configs = findConfigs(edit.syntax, edit.bundler)
  if (configs.length === 0) return 'no config was found in it'
  const imports = importsOf(edit, place === 'modules' ? undefined : name, tracker?.destination.name)
  const item = itemOf(edit, imports)
  const done = new Set<Node>()
  for (const config of configs) {
    const problem = addPlugin(edit, config, place, item, done)
    if (problem) return problem
  }
  addImports(edit, imports)
  return undefined
}

function itemOf({ syntax, bundler }: Editing, { plugin, destination }: Imports): string {
  const options = destination ? `{ destinations: [${destination}()] }` : ''
  if (bundler.place !== 'modules') return `${plugin}(${options})`
  const name = `${syntax.quote}mapseal/${bundler.name}${syntax.quote}`
  return options ? `[${name}, ${options}]` : name
}

/** @param done lists and objects that have it: configs may share one */
function addPlugin(edit: Editing, config: Config, key: string, item: string, done: Set<Node>): string | undefined {
  const { syntax, output, bundler } = edit
  const { object } = config
  if (done.has(object)) return undefined
  done.add(object)
  const property = propertyOf(object, key)
  const value = assignedLater(edit, config, key) ?? (property?.value as Node | undefined)
  if (!value) return property ? `"${key}" is not a list` : addProperty(edit, object, key, item, done)
  const lists = listsOf(value, syntax)
  if (lists) {
    for (const list of lists.filter(list => !done.has(list))) addItem(edit, list, item)
    for (const list of lists) done.add(list)
    return undefined
  }
  if (!/^(?:Identifier|MemberExpression|CallExpression|AwaitExpression)$/.test(value.type))
    return `"${key}" is not a list`
  const whole = `[${bundler.isNested ? '' : '...'}${syntax.text.slice(value.start, value.end)}, ${item}]`
  output.overwrite(value.start, value.end, property?.shorthand ? `${key}: ${whole}` : whole)
  return undefined
}

/** Where the object takes over others, the list of one of them is not to be lost. */
function addProperty(edit: Editing, object: Node, key: string, item: string, done: Set<Node>): string | undefined {
  const { syntax } = edit
  const spreads = (object.properties as Node[]).filter(({ type }) => type === 'SpreadElement')
  const rest: string[] = []
  for (const spread of spreads) {
    const argument = spread.argument as Node
    const others = configsOf(argument, syntax)
    const having = others.find(other => done.has(other.object) || propertyOf(other.object, key))
    if (having) return addPlugin(edit, having, key, item, done)
    const name = nameOf(argument)
    if (others.length === 0 && name === undefined)
      return `${syntax.text.slice(spread.start, spread.end)} may have "${key}"`
    if (others.length === 0) rest.push(`...(${name}.${key} ?? []), `)
  }
  return void addItem(edit, object, `${key}: [${rest.join('')}${item}]`)
}

function propertyOf(object: Node, key: string): Node | undefined {
  return (object.properties as Node[]).find(({ key: own }) => nameOf(own as Node | undefined) === key)
}

/** The value that `config.plugins = …` gives the config after it was made. */
function assignedLater({ syntax }: Editing, { name }: Config, key: string): Node | undefined {
  let found: Node | undefined
  for (const statement of name === undefined ? [] : syntax.statements) {
    walk(statement, node => {
      const isAssigned = node.type === 'AssignmentExpression' && node.operator === '='
      if (isAssigned && nameOf(node.left as Node) === `${name}.${key}`) found = node.right as Node
    })
  }
  return found
}
