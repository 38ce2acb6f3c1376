import type { Problems } from './problems.ts'

export type JsonObject = Record<string, unknown>

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function checkVersion(map: JsonObject, at: string, problems: Problems): void {
  if (map.version !== 3) problems.add(`${at}version`, `must be the number 3, not ${JSON.stringify(map.version)}`)
}

/** Every field of a map without sections, but for what `mappings` holds. */
export function checkFields(map: JsonObject, at: string, problems: Problems): void {
  if (typeof map.mappings !== 'string') problems.add(`${at}mappings`, 'must be a string')
  for (const field of ['file', 'sourceRoot', 'scopes', 'rangeMappings']) checkString(map, field, at, problems)
  checkDebugId(map, at, problems)

  if (!Array.isArray(map.sources)) problems.add(`${at}sources`, 'must be a list')
  checkList(map, 'sources', at, problems, isStringOrNull, 'must be a string or null')
  checkList(map, 'sourcesContent', at, problems, isStringOrNull, 'must be a string or null')
  checkList(map, 'names', at, problems, value => typeof value === 'string', 'must be a string')

  const count = lengthOf(map.sources)
  if (lengthOf(map.sourcesContent) > count) {
    problems.add(`${at}sourcesContent`, `has ${lengthOf(map.sourcesContent)} items for ${count} sources`)
  }
  const isIndex = (value: unknown) => Number.isInteger(value) && Number(value) >= 0 && Number(value) < count
  for (const field of ['ignoreList', 'x_google_ignoreList']) {
    checkList(map, field, at, problems, isIndex, `must be the index of one of the ${count} sources`)
  }
}

/** The proposal's field and its older spelling; where both are given they must agree. */
export function checkDebugId(map: JsonObject, at: string, problems: Problems): void {
  for (const field of ['debugId', 'debug_id']) {
    const value = map[field]
    if (value === undefined) continue
    if (typeof value !== 'string' || !UUID.test(value)) problems.add(`${at}${field}`, 'must be a UUID with dashes')
  }
  if (map.debugId !== undefined && map.debug_id !== undefined && map.debugId !== map.debug_id) {
    problems.add(`${at}debug_id`, 'differs from debugId')
  }
}

export function lengthOf(value: unknown): number {
  return Array.isArray(value) ? value.length : 0
}

function isStringOrNull(value: unknown): boolean {
  return value === null || typeof value === 'string'
}

export function checkString(map: JsonObject, field: string, at: string, problems: Problems): void {
  if (map[field] !== undefined && typeof map[field] !== 'string') problems.add(`${at}${field}`, 'must be a string')
}

function checkList(
  map: JsonObject,
  field: string,
  at: string,
  problems: Problems,
  isValid: (item: unknown) => boolean,
  message: string,
): void {
  const value = map[field]
  if (value === undefined) return
  if (!Array.isArray(value)) {
    if (field !== 'sources') problems.add(`${at}${field}`, 'must be a list')
    return
  }
  for (const [index, item] of value.entries()) {
    if (problems.isFull()) return
    if (!isValid(item)) problems.add(`${at}${field}[${index}]`, message)
  }
}
