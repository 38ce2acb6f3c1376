import type { Cursor } from './cursor.ts'
import { ascends, walk } from './cursor.ts'
import { eachSegment, type Visit } from './each-segment.ts'
import { mappingBefore, type Ranges } from './ranges.ts'
import { createRows, lastRow } from './rows.ts'

/** Where a generated position leads. Lines and columns from 0. */
export interface Segment {
  source: number
  line: number
  column: number
  name?: number
  /** Whether a segment begins at exactly the requested position. */
  isExact: boolean
}

export interface Mappings {
  /**
   * The last segment at or before the position on its line: `'none'` where the line has none there, `'unmapped'` where that
   * segment says that the code has no original. @throws SyntaxError where the mappings are broken up to there
   */
  find(line: number, column: number): Segment | 'none' | 'unmapped'
  /** How many segments there are. */
  count(): number
  /** Visits all segments in the order of the mappings. */
  each(visit: Visit): void
  /** Bytes that the index holds, without the mappings themselves. */
  readonly size: number
}

/** Bytes of mappings between two points of the index: a look-up reads as many at most. */
const STEP = 256

const COMMA = 0x2c
const SEMICOLON = 0x3b

/**
 * Mappings stay as the bytes they are. Up to the farthest position requested they were read once, and every {@link STEP} bytes the sums
 * were noted; a look-up goes on from the last of these points before it. So the first costs one pass up to its position, a
 * later one a microsecond, and the index an eighth of the bytes, whatever they hold.
 */
export function createMappings(bytes: Uint8Array, start: number, end: number, ranges?: Ranges): Mappings {
  const points = createRows(8)
  const descending = createRows(1)
  const tip: Cursor = {
    at: start,
    line: 0,
    column: 0,
    source: 0,
    originalLine: 0,
    originalColumn: 0,
    name: 0,
    fields: 0,
  }
  addPoint()
  /** The line that {@link isAscending} is about. */
  let checkedLine = -1
  let isAscending = true

  function addPoint(): void {
    const { at, line, column, source, originalLine, originalColumn, name, fields } = tip
    points.push(at, line, column, source, originalLine, originalColumn, name, fields)
  }

  function pointAt(row: number): Cursor {
    const value = (field: number) => points.get(row, field)
    return {
      at: value(0),
      line: value(1),
      column: value(2),
      source: value(3),
      originalLine: value(4),
      originalColumn: value(5),
      name: value(6),
      fields: value(7),
    }
  }

  function noteDescent(line: number): void {
    const last = descending.count - 1
    if (last < 0 || descending.get(last, 0) < line) descending.push(line)
  }

  function read(cursor: Cursor, line: number, column: number): boolean {
    return walk(bytes, end, cursor, line, column, Number.POSITIVE_INFINITY, noteDescent) === 'exact'
  }

  /** Moves the tip, and notes points on its way. */
  function advance(line: number, column: number): boolean {
    for (;;) {
      const stop = walk(bytes, end, tip, line, column, points.get(points.count - 1, 0) + STEP, noteDescent)
      if (stop !== 'limit') return stop === 'exact'
      addPoint()
    }
  }

  function isSorted(line: number): boolean {
    const row = lastRow(descending.count, row => descending.get(row, 0) <= line)
    if (row >= 0 && descending.get(row, 0) === line) return false
    if (line < tip.line) return true
    if (checkedLine !== line) {
      isAscending = ascends(bytes, tip.at, end)
      checkedLine = line
    }
    return isAscending
  }

  /** The best of a line whose segments stand in any order; of equal ones as `walk` would after sorting. */
  function findUnsorted(line: number, column: number): Found {
    const cursor = pointAt(
      Math.max(
        0,
        lastRow(points.count, row => points.get(row, 1) < line),
      ),
    )
    read(cursor, line, -1)
    let best: Cursor | undefined
    const beyond = 2 ** 31
    while (cursor.at < end && cursor.line === line && bytes[cursor.at] !== SEMICOLON) {
      const before = cursor.at
      walk(bytes, end, cursor, line, beyond, before + 1, noteDescent)
      if (cursor.fields === 0 || cursor.line !== line) break
      const isBetter = !best || cursor.column > best.column || (cursor.column === best.column && cursor.column < column)
      if (cursor.column <= column && isBetter) best = { ...cursor }
      if (cursor.at === before) break
    }
    return best ? { cursor: best, isExact: best.column === column } : { cursor, isExact: false, isElsewhere: true }
  }

  /** The last segment at or before the position on its line, or where there is none. */
  function locate(line: number, column: number): Found {
    if (tip.line < line) advance(line, -1)
    if (tip.line >= line && !isSorted(line)) return findUnsorted(line, column)
    if (isBefore(tip.line, tip.fields, tip.column, line, column)) {
      const isExact = advance(line, column)
      return { cursor: tip, isExact }
    }
    const row = lastRow(points.count, row =>
      isBefore(points.get(row, 1), points.get(row, 7), points.get(row, 2), line, column),
    )
    const cursor = pointAt(Math.max(0, row))
    return { isExact: read(cursor, line, column), cursor }
  }

  /** Inside a range, an original position is as far from the range's as the generated one is. */
  function inRange({ cursor, isElsewhere }: Found, line: number, column: number): Segment | undefined {
    if (!ranges || isElsewhere) return undefined
    const before = mappingBefore(bytes, start, cursor)
    if (!before?.isMapped || !ranges.has(before.line, before.index)) return undefined
    const { source, originalLine, originalColumn } = cursor
    if (before.line < line) return { source, line: originalLine + line - before.line, column, isExact: false }
    return { source, line: originalLine, column: originalColumn + column - cursor.column, isExact: false }
  }

  return {
    find(line, column) {
      const found = locate(line, column)
      const range = found.isExact ? undefined : inRange(found, line, column)
      if (range || found.isElsewhere || found.cursor.line !== line) return range ?? 'none'
      return segmentOf(found.cursor, found.isExact)
    },
    count() {
      let count = 0
      let isInside = false
      for (let at = start; at < end; at++) {
        const isSegment = bytes[at] !== COMMA && bytes[at] !== SEMICOLON
        if (isSegment && !isInside) count++
        isInside = isSegment
      }
      return count
    },
    each: visit => eachSegment(bytes, start, end, visit),
    get size() {
      return points.size + descending.size
    },
  }
}

interface Found {
  cursor: Cursor
  isExact: boolean
  /** Whether the line has segments, but none before the position. */
  isElsewhere?: boolean
}

/** Whether a cursor stands before the first segment that could be at the position. */
function isBefore(line: number, fields: number, column: number, toLine: number, toColumn: number): boolean {
  return line < toLine || (line === toLine && (fields === 0 || column < toColumn))
}

function segmentOf(cursor: Cursor, isExact: boolean): Segment | 'none' | 'unmapped' {
  if (cursor.fields === 0) return 'none'
  if (cursor.fields === 1) return 'unmapped'
  const { source, originalLine: line, originalColumn: column, name } = cursor
  return cursor.fields === 5 ? { source, line, column, name, isExact } : { source, line, column, isExact }
}
