import { MapsealError } from '@mapseal/core'
import type { Options } from './options.ts'

const texts = (value: unknown) => [value].flat().every(each => typeof each === 'string')
const isFunction = (value: unknown) => typeof value === 'function'
const isText = (value: unknown) => typeof value === 'string'
const isObject = (value: unknown) => typeof value === 'object' && !Array.isArray(value)

/** What options take whose value would do something else, or nothing, if it were of another kind. */
const kinds: Record<string, [takes: (value: unknown) => boolean, what: string]> = {
  org: [isText, 'a text'],
  project: [value => isText(value) || Array.isArray(value), 'a text or a list of texts'],
  authToken: [isText, 'a text'],
  url: [isText, 'a text'],
  headers: [isObject, 'an object'],
  errorHandler: [isFunction, 'a function'],
  applicationKey: [isText, 'a text'],
  'sourcemaps.disable': [
    value => typeof value === 'boolean' || value === 'disable-upload',
    'true, false or "disable-upload"',
  ],
  'sourcemaps.assets': [texts, 'a glob or a list of globs'],
  'sourcemaps.ignore': [texts, 'a glob or a list of globs'],
  'sourcemaps.rewriteSources': [isFunction, 'a function'],
  'sourcemaps.resolveSourceMap': [isFunction, 'a function'],
  'sourcemaps.filesToDeleteAfterUpload': [
    value => texts(value) || isFunction((value as Promise<unknown>)?.then),
    'a glob, a list of globs or a promise of them',
  ],
  'release.name': [isText, 'a text'],
  'release.dist': [isText, 'a text'],
  'release.vcsRemote': [isText, 'a text'],
  'release.setCommits': [value => value === false || isObject(value), 'an object or false'],
  'release.deploy': [value => value === false || isObject(value), 'an object or false'],
  'reactComponentAnnotation.ignoredComponents': [texts, 'a list of names'],
}

/** @throws MapsealError that names the option and what it takes */
export function checkValues(options: Options): void {
  for (const [path, [takes, what]] of Object.entries(kinds)) {
    const [group = '', field] = path.split('.')
    const value = (options as Record<string, unknown>)[group]
    const given = field === undefined ? value : (value as Record<string, unknown> | undefined)?.[field]
    if (given === undefined || takes(given)) continue
    const kind = Array.isArray(given)
      ? 'a list of something else'
      : `${typeof given === 'object' ? 'an' : 'a'} ${typeof given}`
    throw new MapsealError('sentry-compat', `"${path}" takes ${what}, not ${kind}.`)
  }
}
