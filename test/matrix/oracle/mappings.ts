import { decode, type SourceMapSegment } from '@jridgewell/sourcemap-codec'
import type { Insertion } from './snippet.ts'

export interface RawMap {
  sources?: (string | null)[]
  names?: string[]
  mappings?: string
  sections?: { offset: { line: number; column: number }; map: RawMap }[]
  [key: string]: unknown
}

/** One mapping: generated line and column, source, original line and column, name; all from 0. */
export type Mapping = [number, number, string?, number?, number?, string?]

/** Every mapping in order, those of sections at their place in the whole file. */
export function* mappingsOf(map: RawMap, atLine = 0, atColumn = 0): Generator<Mapping> {
  for (const { offset, map: inner } of map.sections ?? []) yield* mappingsOf(inner, offset.line, offset.column)
  const { sources = [], names = [] } = map
  let line = atLine
  for (const segments of decode(map.mappings ?? '')) {
    const shift = line === atLine ? atColumn : 0
    for (const segment of segments) yield toMapping(segment, line, shift, sources, names)
    line += 1
  }
}

function toMapping(
  [column, source, originalLine, originalColumn, name]: SourceMapSegment | number[],
  line: number,
  shift: number,
  sources: (string | null)[],
  names: string[],
): Mapping {
  if (source === undefined) return [line, (column as number) + shift]
  const mapping: Mapping = [line, (column as number) + shift, String(sources[source]), originalLine, originalColumn]
  if (name !== undefined) mapping.push(names[name])
  return mapping
}

/** Compares every mapping; stops at the first that differs. */
export function compareMappings(
  baseline: RawMap,
  sealed: RawMap,
  insertion: Insertion | undefined,
): { count: number; problem?: string } {
  const after = mappingsOf(sealed)
  let count = 0
  for (const before of mappingsOf(baseline)) {
    const expected = move(before, insertion)
    const next = after.next()
    if (next.done || !isSame(expected, next.value)) {
      return {
        count,
        problem: `mapping ${count} should be ${show(expected)} and is ${next.done ? 'missing' : show(next.value)}`,
      }
    }
    count += 1
  }
  const extra = after.next()
  return extra.done ? { count } : { count, problem: `mapping ${count} is not in the baseline: ${show(extra.value)}` }
}

function move(mapping: Mapping, insertion: Insertion | undefined): Mapping {
  const [line, column] = mapping
  if (!insertion || line !== insertion.line - 1 || column < insertion.column) return mapping
  return [line, column + insertion.length, ...mapping.slice(2)] as Mapping
}

export function isSame(a: Mapping, b: Mapping): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index])
}

export function show(mapping: Mapping): string {
  return JSON.stringify(mapping)
}
