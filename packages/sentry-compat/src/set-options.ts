import { MapsealError } from '@mapseal/core'
import type { Options } from './options.ts'

type Fields = Record<string, unknown>

/** Options that are objects of further ones. A condition such as `isRelease && { … }` makes them `false` or `''`. */
const groups = [
  'sourcemaps',
  'release',
  'bundleSizeOptimizations',
  'reactComponentAnnotation',
  '_experiments',
  '_metaOptions',
]

/** The options without those that are unset: `null`, blank texts, and groups that a condition switches off. */
export function setOptions(given: Options | null | false | undefined): Options {
  if (!given) return {}
  if (typeof given !== 'object' || Array.isArray(given))
    throw new MapsealError('sentry-compat', 'The plugin takes an object of options.')
  const options = withoutUnset(given as Fields)
  for (const group of groups) {
    const value = options[group]
    if (value === undefined) continue
    if (!value) delete options[group]
    else if (typeof value === 'object' && !Array.isArray(value)) options[group] = withoutUnset(value as Fields)
  }
  // A condition beside a value: `isCi && token`.
  for (const name of [
    'org',
    'project',
    'authToken',
    'url',
    'headers',
    'errorHandler',
    'applicationKey',
    'moduleMetadata',
  ])
    if (options[name] === false) delete options[name]
  return options as Options
}

function withoutUnset(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isUnset(value)))
}

function isUnset(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '')
}
