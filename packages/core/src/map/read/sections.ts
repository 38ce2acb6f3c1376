import { elements, pickMembers } from '../json-scan.ts'
import type { Inner } from './open.ts'
import { createRows, lastRow } from './rows.ts'

const HIGHEST = 2 ** 31 - 1

/**
 * The sections of an index map: the offset of each is read, the map of one only when a position lies in it. An offset
 * costs nothing however large it is. @throws SyntaxError where one lacks its parts or they do not ascend
 */
export function createSections(json: Buffer, at: number, open: (at: number) => Inner): Inner {
  /** Line and column where a section begins, and the byte where its map does. */
  const rows = createRows(3)
  const maps = new Map<number, Inner>()
  for (const element of elements(json, at)) {
    const section = pickMembers(json, element, ['offset', 'map'])
    const [offset, map] = [section.get('offset'), section.get('map')]
    if (!offset || !map) throw new SyntaxError('a section lacks its offset or its map')
    const place = pickMembers(json, offset.start, ['line', 'column'])
    const [line, column] = ['line', 'column'].map(key => {
      const member = place.get(key)
      return member
        ? Number(json.toString('latin1', member.start, Math.min(member.end, member.start + 20)))
        : Number.NaN
    }) as [number, number]
    if (!isOffset(line) || !isOffset(column)) throw new SyntaxError('the offset of a section is not a pair of integers')
    const last = rows.count - 1
    if (last >= 0 && !isAtOrBefore(rows.get(last, 0), rows.get(last, 1), line, column)) {
      throw new SyntaxError('the sections do not ascend')
    }
    rows.push(line, column, map.start)
  }

  function mapOf(row: number): Inner {
    const map = maps.get(row) ?? open(rows.get(row, 2))
    maps.set(row, map)
    return map
  }

  return {
    find(line, column) {
      let row = lastRow(rows.count, row => isAtOrBefore(rows.get(row, 0), rows.get(row, 1), line, column))
      let last = column
      for (; row >= 0; row--) {
        const from = rows.get(row, 0)
        const fromColumn = rows.get(row, 1)
        const found = mapOf(row).find(line - from, line === from ? last - fromColumn : last)
        // If a section starts without a mapping, the last one of the section before on this line applies, as an inexact match.
        if (found !== 'none' || from < line || fromColumn === 0) return found
        last = fromColumn - 0.5
      }
      return 'none'
    },
    count() {
      let count = 0
      for (let row = 0; row < rows.count; row++) count += mapOf(row).count()
      return count
    },
    each(visit) {
      for (let row = 0; row < rows.count; row++) {
        const [from, fromColumn] = [rows.get(row, 0), rows.get(row, 1)]
        mapOf(row).each((map, line, column, source) =>
          visit(map, from + line, line === 0 ? fromColumn + column : column, source),
        )
      }
    },
    size: () => [...maps.values()].reduce((sum, map) => sum + map.size(), rows.size),
  }
}

function isOffset(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= HIGHEST
}

function isAtOrBefore(line: number, column: number, toLine: number, toColumn: number): boolean {
  return line < toLine || (line === toLine && column <= toColumn)
}
