import type { SourceMapInput } from '@jridgewell/trace-mapping'
import { AnyMap, traceSegment } from '@jridgewell/trace-mapping'
import type { FileRecord, Vault } from '../types.ts'
import { isJsonObject } from '../validate/fields.ts'
import { parseMap } from '../validate/parse.ts'

export interface OriginalPosition {
  /** Resolved against `sourceRoot` and the place of the generated file below the project's root. */
  source: string
  /** From 1. */
  line: number
  /** From 0. */
  column: number
  /** The identifier that stood there, where the map names it. */
  name?: string
  /** Whether a mapping begins at the very position asked for. */
  isExact: boolean
  /** Whether the map's `ignoreList` names the source. */
  isIgnored: boolean
  /** The whole original source, where the map holds it. */
  content?: string
}

/** @param line from 1 @param column from 0 */
export type MapReader = (line: number, column: number) => OriginalPosition | undefined

/** One decoded map per file, however many frames ask for it. */
export function createMapCache(vault: Vault): (file: FileRecord) => Promise<MapReader> {
  const readers = new Map<string, Promise<MapReader>>()
  return file => {
    if (!file.map) throw new TypeError(`${file.path} has no map`)
    const path = `${file.outDir && `${file.outDir}/`}${file.path}`
    const key = `${file.map.sha256} ${path}`
    const reader = readers.get(key) ?? vault.read(file.map).then(bytes => createMapReader(parseMap(bytes), path))
    readers.set(key, reader)
    return reader
  }
}

function createMapReader(json: unknown, path: string): MapReader {
  if (!isJsonObject(json)) throw new TypeError('it is no source map')
  const map = new AnyMap(json as unknown as SourceMapInput, path)
  return (line, column) => {
    if (line < 1 || column < 0) return
    const segment = traceSegment(map, line - 1, column)
    if (!segment || segment.length === 1) return
    const [start, source, originalLine, originalColumn, name] = segment
    const content = map.sourcesContent?.[source]
    return {
      source: map.resolvedSources[source] || '(unnamed source)',
      line: originalLine + 1,
      column: originalColumn,
      ...(name !== undefined && { name: map.names[name] }),
      isExact: start === column,
      isIgnored: map.ignoreList?.includes(source) ?? false,
      ...(typeof content === 'string' && { content }),
    }
  }
}
