import type { Carried } from './carry-over.ts'
import { propertiesOf } from './properties.ts'
import { type Node, textOf } from './syntax.ts'

/** Options that `sentry()` has by the same names. */
const same = ['org', 'project', 'authToken', 'url', 'moduleMetadata', 'applicationKey']

/** Why others are not needed here. */
const needless: Record<string, string> = {
  telemetry: 'Mapseal sends none',
  silent: 'a build prints one line',
  debug: 'warnings are always shown',
}
const neverInOutput = 'source maps never get into the output'

/** What is collected of a call. */
interface Parts {
  text: string
  carried: Carried
  /** Fields of `release` here, by their names. */
  name: string[]
  /** Fields of `sentry({ release })`. */
  release: string[]
}

/**
 * What becomes of the options of Sentry's plugin.
 *
 * @returns undefined where one of them has no counterpart, or they are not written out
 */
export function carrySentry(call: Node, text: string): Carried | undefined {
  const [argument, ...more] = call.arguments as Node[]
  const carried: Carried = { own: [], destination: [], given: [], notes: [] }
  const parts: Parts = { text, carried, name: [], release: [] }
  const isWhole = !argument || (more.length === 0 && carryAll(argument, '', parts))
  if (!isWhole) return undefined
  const { name, release } = parts
  // As one option; alone, the name is enough.
  const [first = ''] = name
  if (name.length > 0)
    carried.own.unshift(
      name.length === 1 && first.startsWith('name: ')
        ? `release: ${first.slice('name: '.length)}`
        : `release: { ${name.join(', ')} }`,
    )
  // Sentry's plugins create the release and finalize it unless they are told not to.
  carried.destination.push(release.length > 0 ? `release: { ${release.join(', ')} }` : 'release: {}')
  return carried
}

/** @returns whether all of them were carried over, or are not needed */
function carryAll(object: Node, prefix: string, parts: Parts): boolean {
  const properties = propertiesOf(object)
  return properties?.every(([key, property]) => carryOption(`${prefix}${key}`, property, parts)) ?? false
}

function carryOption(path: string, property: Node, parts: Parts): boolean {
  const { text, carried } = parts
  const value = property.value as Node
  const source = text.slice(value.start, value.end)
  const note = (why: string) => carried.notes.push(`"${path}" is not needed: ${why}.`)
  if (same.includes(path)) {
    carried.destination.push(text.slice(property.start, property.end))
    carried.given.push(path)
    return true
  }
  if (needless[path]) return note(needless[path]) > 0
  switch (path) {
    case 'release':
    case 'sourcemaps':
      return carryAll(value, `${path}.`, parts)
    case 'disable':
      carried.own.push(`enabled: ${negated(value, text)}`)
      return true
    case 'errorHandler':
      carried.own.push(`onError: ${source}`)
      return true
    case 'release.name':
    case 'release.dist':
      return parts.name.push(`${path.slice('release.'.length)}: ${source}`) > 0
    case 'release.inject':
      return value.value === true
    case 'release.create':
    case 'release.finalize':
      return parts.release.push(text.slice(property.start, property.end)) > 0
    case 'release.setCommits':
    case 'release.deploy':
      return carryDetails(path.slice('release.'.length), value, parts)
    case 'sourcemaps.disable':
      return value.value === false
    case 'sourcemaps.deleteSourcemapsAfterUpload':
      if (value.value === false) return carried.own.push("output: 'keep'") > 0
      return value.value === true && note(neverInOutput) > 0
    case 'sourcemaps.filesToDeleteAfterUpload':
      return allMatch(value, /\.map$/) && note(neverInOutput) > 0
    case 'sourcemaps.assets':
      return (
        allMatch(value, /^(?:\.\/)?(?:[\w.-]+\/)?\*\*(?:\/\*)?$/) && note('all scripts of the output are sealed') > 0
      )
    case 'sourcemaps.ignore':
      return allMatch(value, /node_modules/) && note('no packages are in the output') > 0
    default:
      return false
  }
}

/** How fields of `setCommits` and `deploy` are called here. */
const renamed: Record<string, Record<string, string>> = {
  setCommits: {
    auto: 'auto',
    repo: 'repository',
    commit: 'commit',
    previousCommit: 'previousCommit',
    ignoreMissing: 'ignoreMissing',
    ignoreEmpty: 'ignoreEmpty',
  },
  deploy: { env: 'environment', name: 'name', url: 'url' },
}

function carryDetails(option: string, value: Node, { text, release }: Parts): boolean {
  if (value.value === false) return release.push(`${option}: false`) > 0
  const properties = propertiesOf(value)
  const names = renamed[option] ?? {}
  if (!properties?.every(([key]) => names[key])) return false
  const fields = properties.map(([key, { value }]) => {
    const source = text.slice((value as Node).start, (value as Node).end)
    return names[key] === source ? source : `${names[key]}: ${source}`
  })
  return release.push(`${option}: { ${fields.join(', ')} }`) > 0
}

function negated(value: Node, text: string): string {
  const source = (node: unknown) => text.slice((node as Node).start, (node as Node).end)
  if (typeof value.value === 'boolean') return String(!value.value)
  const opposite = { '===': '!==', '!==': '===', '==': '!=', '!=': '==' }[String(value.operator)]
  if (opposite) return `${source(value.left)} ${opposite} ${source(value.right)}`
  const isSimple = /^(?:Identifier|MemberExpression|CallExpression|UnaryExpression)$/.test(value.type)
  return isSimple ? `!${source(value)}` : `!(${source(value)})`
}

/** A literal text, or a list of such alone. */
function allMatch(value: Node, pattern: RegExp): boolean {
  const items = value.type === 'ArrayExpression' ? (value.elements as Node[]) : [value]
  return items.every(item => pattern.test(textOf(item) ?? ''))
}
