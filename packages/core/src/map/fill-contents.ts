/** The part of a map that says what its sources are. */
export interface SourcedMap {
  sources?: (string | null)[]
  sourcesContent?: (string | null)[]
  sourceRoot?: string
}

/**
 * Puts in the contents of sources that a map lacks.
 *
 * @param read gets a name as the map has it, and its `sourceRoot`; null where there is no such file
 * @returns whether there were any
 */
export function fillContents(map: SourcedMap, read: (source: string, sourceRoot: string) => string | null): boolean {
  const { sources = [], sourcesContent = [], sourceRoot = '' } = map
  const filled = sources.map((source, index) => sourcesContent[index] ?? (source ? read(source, sourceRoot) : null))
  if (filled.every((content, index) => content === (sourcesContent[index] ?? null))) return false
  map.sourcesContent = filled
  return true
}
