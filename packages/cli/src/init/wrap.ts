import type { Editing } from './edit.ts'
import { exported } from './find-configs.ts'
import { addImports, importsOf } from './imports.ts'
import { propertiesOf } from './properties.ts'
import { type Node, nameOf, type Syntax, walk } from './syntax.ts'
import type { Vendor } from './vendors.ts'

/** Options of Sentry's wrapper that are those of `sentry()`. */
const carried: Record<string, string> = { org: 'org', project: 'project', authToken: 'authToken', sentryUrl: 'url' }

/** Puts ours around what the file exports last. @returns why it cannot be done */
export function wrap(edit: Editing, tracker: Vendor | undefined): string | undefined {
  const { syntax, output, given } = edit
  const config = exported(syntax).at(-1)
  if (!config) return 'no config was found in it'
  if (config.type === 'ClassDeclaration') return 'what it exports is not a config'
  const vendor = tracker?.destination.name
  const imports = importsOf(edit, edit.bundler.name, vendor)
  const { own, options } = vendor === 'sentry' ? optionsOfWrapper(syntax, given) : { own: [], options: [] }
  const call = `${imports.destination}(${options.length > 0 ? `{ ${options.join(', ')} }` : ''})`
  const all = [...own, `destinations: [${call}]`].join(', ')
  output.appendLeft(config.start, `${imports.plugin}(`)
  output.appendRight(config.end, `${vendor ? `, { ${all} }` : ''})`)
  addImports(edit, imports)
  return undefined
}

/** What `withSentryConfig(config, { org, project, release: { name } })` is given, as far as it is written out. */
function optionsOfWrapper({ statements, text }: Syntax, given: string[]): { own: string[]; options: string[] } {
  const own: string[] = []
  const options: string[] = []
  const source = ({ start, end }: Node) => text.slice(start, end)
  for (const statement of statements) {
    walk(statement, node => {
      if (node.type !== 'CallExpression' || nameOf(node.callee as Node) !== 'withSentryConfig') return
      const [, argument] = node.arguments as Node[]
      for (const [key, property] of (argument && propertiesOf(argument)) ?? []) {
        const value = property.value as Node
        const release = key === 'release' ? propertiesOf(value)?.find(([field]) => field === 'name')?.[1] : undefined
        if (release && own.length === 0) own.push(`release: ${source(release.value as Node)}`)
        const name = carried[key]
        if (name === undefined || given.includes(name)) continue
        given.push(name)
        options.push(property.shorthand && name === key ? key : `${name}: ${source(value)}`)
      }
    })
  }
  return { own, options }
}
