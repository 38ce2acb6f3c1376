import resolveModule from '@jridgewell/resolve-uri'
import type { LazyList, Member } from '../json-scan.ts'
import { lazyList } from '../json-scan.ts'
import type { Mappings } from './mappings.ts'
import { createMappings } from './mappings.ts'
import { readRanges } from './ranges.ts'
import type { Scopes } from './scopes.ts'
import { createScopes } from './scopes.ts'

/** A map without sections: its fields as places in its bytes, read when someone asks. */
export interface RegularMap {
  mappings: Mappings
  /** Undefined for a map without the proposal's field. */
  scopes(): Scopes | undefined
  /** Resolved against `sourceRoot` and the place of the generated file; undefined where the map names no such source. */
  source(index: number): string | undefined
  content(index: number): string | undefined
  name(index: number): string | undefined
  isIgnored(source: number): boolean
  /** Bytes held besides the map's own. */
  readonly size: number
}

/** Its types describe the CommonJS build alone: https://github.com/jridgewell/resolve-uri/blob/main/package.json */
const resolveUri = resolveModule as unknown as (path: string, base: string) => string

const QUOTE = 0x22
const BACKSLASH = 0x5c

/** @param path of the generated file */
export function createRegularMap(json: Buffer, fields: Map<string, Member>, path: string): RegularMap {
  const mappings = readMappings(json, fields.get('mappings'), fields.get('rangeMappings'))
  const sources = list('sources')
  const contents = list('sourcesContent')
  const names = list('names')
  const root = stringAt(json, fields.get('sourceRoot'))
  const folder = path.slice(0, path.lastIndexOf('/') + 1)
  const resolved = new Map<number, string>()
  let ignored: Set<number> | undefined
  let scopes: Scopes | undefined

  function list(key: string): LazyList | undefined {
    const field = fields.get(key)
    return field && json[field.start] === 0x5b ? lazyList(json, field.start) : undefined
  }

  return {
    mappings,
    scopes() {
      const field = fields.get('scopes')
      if (!scopes && field && json[field.start] === QUOTE) {
        scopes = createScopes(json, field.start + 1, field.end - 1)
      }
      return scopes
    },
    source(index) {
      const known = resolved.get(index)
      if (known !== undefined) return known
      const source = decode(sources?.element(index))
      if (source === undefined) return
      const url = resolveUri(`${root ? `${root}/` : ''}${source}`, folder)
      resolved.set(index, url)
      return url
    },
    content: index => decode(contents?.element(index)),
    name: index => decode(names?.element(index)),
    isIgnored(source) {
      ignored ??= readIgnored(list('ignoreList') ?? list('x_google_ignoreList'))
      return ignored.has(source)
    },
    get size() {
      const lists = [sources, contents, names].reduce((sum, list) => sum + (list?.size ?? 0), 0)
      return lists + mappings.size + (scopes?.size ?? 0) + ((ignored?.size ?? 0) + resolved.size) * 32
    },
  }
}

function readMappings(json: Buffer, field: Member | undefined, rangeField: Member | undefined): Mappings {
  if (!field || json[field.start] !== QUOTE) throw new SyntaxError('"mappings" is not a string')
  const hasRanges = rangeField !== undefined && json[rangeField.start] === QUOTE
  const ranges = hasRanges ? readRanges(json, rangeField.start + 1, rangeField.end - 1) : undefined
  const [start, end] = [field.start + 1, field.end - 1]
  const backslash = json.indexOf(BACKSLASH, start)
  if (backslash < 0 || backslash >= end) return createMappings(json, start, end, ranges)
  // Some encoders write every slash as `\/`.
  const plain = Buffer.from(decode(json.subarray(field.start, field.end)) ?? '', 'latin1')
  return createMappings(plain, 0, plain.length, ranges)
}

/** A longer list was not written by a bundler. */
const MOST_IGNORED = 1_000_000

function readIgnored(list: LazyList | undefined): Set<number> {
  const ignored = new Set<number>()
  if (!list) return ignored
  const count = Math.min(list.length(), MOST_IGNORED)
  for (let index = 0; index < count; index++) ignored.add(Number(list.element(index)?.toString('latin1')))
  return ignored
}

function stringAt(json: Buffer, field: Member | undefined): string | undefined {
  return field && decode(json.subarray(field.start, field.end))
}

/** A JSON string; undefined for anything else. */
function decode(bytes: Buffer | undefined): string | undefined {
  if (bytes?.[0] !== QUOTE) return
  if (bytes.includes(BACKSLASH)) return JSON.parse(bytes.toString('utf8')) as string
  return bytes.toString('utf8', 1, bytes.length - 1)
}
