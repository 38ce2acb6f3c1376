import { carryByTable } from './carry-by-table.ts'
import { propertiesOf } from './properties.ts'
import type { Node } from './syntax.ts'
import type { VendorDestination } from './vendors.ts'

/** What becomes of the options of a vendor's plugin. */
export interface Carried {
  /** Source text of the options of `mapseal()` besides destinations. */
  own: string[]
  /** Source text of the destination's options. */
  destination: string[]
  /** Names of the destination's options that are set. */
  given: string[]
  /** A sentence for each option that is left out. */
  notes: string[]
}

/** Why options of Sentry's plugins are not needed here. */
const needless: Record<string, string> = {
  telemetry: 'Mapseal sends none',
  silent: 'a build prints one line',
  debug: 'warnings are always shown',
  'sourcemaps.filesToDeleteAfterUpload': 'source maps never get into the output',
  'sourcemaps.deleteSourcemapsAfterUpload': 'source maps never get into the output',
  'release.create': 'sentry({ release }) creates it',
  'release.inject': 'the release is always injected',
}

/** @returns undefined where the options are not written out, so that they cannot be read */
export function carryOver(call: Node, text: string, destination: VendorDestination): Carried | undefined {
  return destination.carried ? carryByTable(call, text, destination.carried) : carryOverSentry(call, text, destination)
}

function carryOverSentry(call: Node, text: string, { name, options = [] }: VendorDestination): Carried | undefined {
  const [argument, ...more] = call.arguments as Node[]
  const carried: Carried = { own: [], destination: [], given: [], notes: [] }
  if (!argument) return { ...carried, destination: ['release: {}'] }
  const properties = more.length === 0 ? propertiesOf(argument) : undefined
  if (!properties) return undefined
  const kept: string[] = []
  for (const [key, property] of properties) {
    const value = property.value as Node
    const inner = key === 'release' || key === 'sourcemaps' ? propertiesOf(value) : undefined
    if (options.includes(key)) {
      carried.destination.push(text.slice(property.start, property.end))
      carried.given.push(key)
    } else if (inner) for (const [field, each] of inner) carryField(`${key}.${field}`, each, text, carried, kept)
    else carried.notes.push(noteOf(key, name))
  }
  // Sentry's plugins create the release unless they are told not to.
  const isCreated = !/\bcreate\s*:\s*false\b/.test(text.slice(argument.start, argument.end))
  if (isCreated) carried.destination.push(kept.length > 0 ? `release: { ${kept.join(', ')} }` : 'release: {}')
  const [release, dist] = carried.own
  // As one option; alone, the name is enough.
  if (release?.startsWith('name: ') && dist === undefined) carried.own = [`release: ${release.slice('name: '.length)}`]
  else if (carried.own.length > 0) carried.own = [`release: { ${carried.own.join(', ')} }`]
  return carried
}

function carryField(path: string, property: Node, text: string, carried: Carried, kept: string[]): void {
  const source = text.slice(property.start, property.end)
  if (path === 'release.name' || path === 'release.dist') {
    const value = property.value as Node
    carried.own.push(`${path.slice('release.'.length)}: ${text.slice(value.start, value.end)}`)
  } else if (path === 'release.finalize' || (path === 'release.setCommits' && /\bauto\s*:\s*true\b/.test(source)))
    kept.push(source)
  else carried.notes.push(noteOf(path, 'sentry'))
}

function noteOf(path: string, destination: string): string {
  if (needless[path]) return `"${path}" is not needed: ${needless[path]}.`
  if (path === 'sourcemaps.ignore')
    return '"sourcemaps.ignore" is left out: "exclude" takes globs relative to the output folder.'
  if (path === 'sourcemaps.assets')
    return '"sourcemaps.assets" is left out: "include" takes globs relative to the output folder.'
  const place = destination === 'sentry' ? ' @mapseal/sentry-compat takes it, with the rest of the config.' : ''
  return `"${path}" is left out.${place}`
}
