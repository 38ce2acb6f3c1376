import { openMap } from './read/open.ts'
import type { RegularMap } from './read/regular.ts'

/** How much of a generated file is from one source. */
export interface SourceSize {
  /** Absent for code that the bundler wrote. */
  source?: string
  /** Characters of generated code. */
  size: number
}

/**
 * The sources of a generated file by their share of it, the largest first: each mapping counts up to the next one, or to the
 * end of its line. @param path of the generated file @throws SyntaxError where the map is broken
 */
export function sourceSizes(map: Uint8Array, code: Uint8Array, path: string): SourceSize[] {
  const lengths = lineLengths(Buffer.from(code.buffer, code.byteOffset, code.byteLength).toString())
  const sizes = new Map<string | undefined, number>()
  let left = lengths.reduce((sum, length) => sum + length, 0)
  let before: { map: RegularMap; line: number; column: number; source: number } | undefined

  function count(end: number): void {
    if (!before || before.source < 0) return
    const size = Math.min(left, end - before.column)
    if (!(size > 0)) return
    left -= size
    const source = before.map.source(before.source)
    sizes.set(source, (sizes.get(source) ?? 0) + size)
  }

  openMap(Buffer.from(map.buffer, map.byteOffset, map.byteLength), path).each((map, line, column, source) => {
    if (before) count(before.line === line ? column : (lengths[before.line] ?? 0))
    before = { map, line, column, source }
  })
  if (before) count(lengths[before.line] ?? 0)
  const rest = left + (sizes.get(undefined) ?? 0)
  sizes.delete(undefined)
  const all: SourceSize[] = [...sizes].map(([source, size]) => ({ ...(source !== undefined && { source }), size }))
  if (rest > 0) all.push({ size: rest })
  return all.sort((one, other) => other.size - one.size)
}

function lineLengths(code: string): number[] {
  return code.split('\n').map(line => line.length)
}
