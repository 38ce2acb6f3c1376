import type { OpenMap, Place } from '../map/read/open.ts'
import { openMap } from '../map/read/open.ts'
import type { RegularMap } from '../map/read/regular.ts'
import type { OriginalPlace, Scopes } from '../map/read/scopes.ts'
import type { FileRecord, Vault } from '../types.ts'
import type { SourceContext } from './context.ts'
import { createHotMaps } from './hot-maps.ts'
import type { OriginalCall } from './result.ts'
import type { SourceText } from './source/text.ts'
import { createSourceText } from './source/text.ts'

export interface OriginalPosition extends OriginalCall {
  /** The identifier that stood there, where the map names it. */
  name?: string
  /** Whether a mapping begins at exactly the requested position. */
  isExact: boolean
  /**
   * The function around the position, from the map's `scopes` or the source; without `name` where it has none of its own, or
   * the position is outside of all. Absent where it is unknown.
   */
  enclosing?: { name?: string; from: 'scopes' | 'source' }
  /** Innermost first. */
  inlinedInto?: OriginalCall[]
}

export interface MapReader {
  /** @param line from 1 @param column from 0 @param around source lines before and after it */
  at(line: number, column: number, around: number): OriginalPosition | undefined
  /** Bytes that it holds. */
  readonly size: number
}

/** Bytes of maps that are kept at hand. */
const HOT_BYTES = 100e6

/** One reader per file, however many frames ask for it; of many, those that were used last. */
export function createMapCache(vault: Vault): (file: FileRecord) => Promise<MapReader> {
  const readers = createHotMaps(HOT_BYTES)
  const failures = new Map<string, unknown>()
  return async file => {
    if (!file.map) throw new TypeError(`${file.path} has no map`)
    const path = generatedPath(file)
    const key = `${file.map.sha256} ${path}`
    const known = readers.get(key)
    if (known) return known
    if (failures.has(key)) throw failures.get(key)
    try {
      const reader = createMapReader(await vault.read(file.map), path)
      readers.set(key, reader)
      return reader
    } catch (cause) {
      failures.set(key, cause)
      throw cause
    }
  }
}

/** Below the project's root: what the sources of its map are relative to. */
export function generatedPath({ outDir, path }: Pick<FileRecord, 'outDir' | 'path'>): string {
  return `${outDir && `${outDir}/`}${path}`
}

/** Characters of sources that are kept at hand, with the functions found in them; beyond that they are read anew. */
const TEXTS = 16_000_000

/**
 * @param path of the generated file below the project's root
 * @throws SyntaxError if the bytes are not a source map
 */
export function createMapReader(bytes: Uint8Array, path: string): MapReader {
  const map: OpenMap = openMap(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), path)
  const texts = new Map<RegularMap, Map<number, SourceText | undefined>>()
  let kept = 0

  function textOf(map: RegularMap, source: number): SourceText | undefined {
    let ofMap = texts.get(map)
    if (ofMap?.has(source)) return ofMap.get(source)
    const content = map.content(source)
    const text = content === undefined ? undefined : createSourceText(content, map.source(source) ?? '')
    const length = content?.length ?? 0
    if (kept + length > TEXTS) {
      texts.clear()
      kept = 0
      ofMap = undefined
    }
    kept += length
    ofMap ??= new Map()
    texts.set(map, ofMap.set(source, text))
    return text
  }

  function callAt(map: RegularMap, { source, line, column }: OriginalPlace, around: number): OriginalCall {
    const context: SourceContext | undefined = textOf(map, source)?.context(line + 1, around)
    const name = map.source(source) || '(unnamed source)'
    const call: OriginalCall = { source: name, line: line + 1, column, isIgnored: map.isIgnored(source) }
    if (context) call.context = context
    return call
  }

  function enclosingAt(
    map: RegularMap,
    scopes: Scopes | undefined,
    place: OriginalPlace,
  ): OriginalPosition['enclosing'] {
    const known = scopes?.functionAt(place)
    if (known !== undefined) {
      const name = known === 'anonymous' ? undefined : map.name(known)
      return { ...(name !== undefined && { name }), from: 'scopes' }
    }
    const found = textOf(map, place.source)?.functionAt(place.line + 1, place.column)
    return found && { ...found, from: 'source' }
  }

  function inlinedInto({ map, line, column }: Place, scopes: Scopes, around: number): OriginalCall[] {
    return scopes.callSites(line, column).map(site => {
      const { name } = enclosingAt(map, scopes, site) ?? {}
      return { ...(name && { function: name }), ...callAt(map, site, around) }
    })
  }

  return {
    at(line, column, around) {
      if (line < 1 || column < 0) return
      const place = map.find(line - 1, column)
      if (typeof place === 'string') return
      const { segment } = place
      // Deltas may add up to what is nowhere.
      if (segment.source < 0 || segment.line < 0 || segment.column < 0) return
      const scopes = place.map.scopes()
      const name = segment.name === undefined ? undefined : place.map.name(segment.name)
      const enclosing = enclosingAt(place.map, scopes, segment)
      const inlined = scopes ? inlinedInto(place, scopes, around) : []
      const position: OriginalPosition = { ...callAt(place.map, segment, around), isExact: segment.isExact }
      if (name !== undefined) position.name = name
      if (enclosing) position.enclosing = enclosing
      if (inlined.length > 0) position.inlinedInto = inlined
      return position
    },
    get size() {
      let size = map.size
      for (const ofMap of texts.values()) for (const text of ofMap.values()) size += text?.size ?? 0
      return size
    },
  }
}
