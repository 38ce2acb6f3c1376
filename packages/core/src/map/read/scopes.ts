import { readUnsigned } from '../vlq.ts'
import type { Rows } from './rows.ts'
import { createRows, lastRow } from './rows.ts'

/** A position in an original source. Lines and columns from 0. */
export interface OriginalPlace {
  source: number
  line: number
  column: number
}

/** What the `scopes` field of ECMA-426's proposal (stage 3) records about a map's functions. Lines and columns from 0. */
export interface Scopes {
  /**
   * The function around an original position: the index of its name, `'anonymous'`, or undefined outside of all functions
   * and in sources without scopes.
   */
  functionAt(place: OriginalPlace): number | 'anonymous' | undefined
  /** The calls that a bundler put the function's body in place of, the innermost first. */
  callSites(line: number, column: number): OriginalPlace[]
  readonly size: number
}

const TAGS = { none: 0, scopeStart: 1, scopeEnd: 2, rangeStart: 4, rangeEnd: 5, callSite: 8 }
const NONE = -1

// Columns of a row: where it starts and ends, the row that encloses it, then what is its own.
const [LINE, COLUMN, END_LINE, END_COLUMN, PARENT] = [0, 1, 2, 3, 4]
const [SOURCE, IS_FUNCTION, NAME] = [5, 6, 7]
const [CALL_SOURCE, CALL_LINE, CALL_COLUMN, IS_STACK_FRAME] = [5, 6, 7, 8]

/** @throws SyntaxError where the field is broken */
export function createScopes(json: Buffer, start: number, end: number): Scopes {
  const scopes = createRows(8)
  const ranges = createRows(9)
  /** The first scope of each source that has some. */
  const trees = createRows(2)
  let source = 0
  let scope = NONE
  let range = NONE
  let name = 0
  let [line, column] = [0, 0]
  let [rangeLine, rangeColumn] = [0, 0]

  for (let at = start; at <= end; ) {
    const comma = json.indexOf(0x2c, at)
    const itemEnd = comma < 0 || comma > end ? end : comma
    const numbers = readNumbers(json, at, itemEnd)
    const [tag, ...fields] = numbers
    if (tag === undefined || tag === TAGS.none) source += scope === NONE ? 1 : 0
    else if (tag === TAGS.scopeStart) startScope(fields)
    else if (tag === TAGS.scopeEnd) endScope(fields)
    else if (tag === TAGS.rangeStart) startRange(fields)
    else if (tag === TAGS.rangeEnd) endRange(fields)
    else if (tag === TAGS.callSite && range !== NONE) setCallSite(fields)
    at = itemEnd + 1
  }

  function startScope([flags = 0, lines = 0, newColumn = 0, ...rest]: number[]): void {
    if (scope === NONE) [line, column, name] = [0, 0, 0]
    moveScope(lines, newColumn)
    const hasName = (flags & 1) === 1
    if (hasName) name += signed(rest[0] ?? 0)
    const isFunction = flags & 4 ? 1 : 0
    if (scope === NONE) trees.push(source, scopes.count)
    scope = scopes.push(line, column, NONE, NONE, scope, source, isFunction, hasName ? name : NONE)
  }

  function moveScope(lines: number, columns: number): void {
    column = lines > 0 ? columns : column + columns
    line += lines
  }

  function endScope([lines = 0, newColumn = 0]: number[]): void {
    if (scope === NONE) throw new SyntaxError('the scopes are broken: the end of a scope without its start')
    moveScope(lines, newColumn)
    scopes.set(scope, END_LINE, line)
    scopes.set(scope, END_COLUMN, column)
    scope = scopes.get(scope, PARENT)
    if (scope === NONE) source++
  }

  function startRange([flags = 0, ...rest]: number[]): void {
    moveRange(flags & 1 ? rest : [0, ...rest])
    range = ranges.push(rangeLine, rangeColumn, NONE, NONE, range, NONE, 0, 0, flags & 4 ? 1 : 0)
  }

  function endRange(fields: number[]): void {
    if (range === NONE) throw new SyntaxError('the scopes are broken: the end of a range without its start')
    moveRange(fields.length > 1 ? fields : [0, ...fields])
    ranges.set(range, END_LINE, rangeLine)
    ranges.set(range, END_COLUMN, rangeColumn)
    range = ranges.get(range, PARENT)
  }

  function moveRange([lines = 0, columns = 0]: number[]): void {
    rangeColumn = lines > 0 ? columns : rangeColumn + columns
    rangeLine += lines
  }

  function setCallSite([callSource = 0, callLine = 0, callColumn = 0]: number[]): void {
    ranges.set(range, CALL_SOURCE, callSource)
    ranges.set(range, CALL_LINE, callLine)
    ranges.set(range, CALL_COLUMN, callColumn)
  }

  return {
    functionAt(place) {
      const tree = lastRow(trees.count, row => trees.get(row, 0) <= place.source)
      if (tree < 0 || trees.get(tree, 0) !== place.source) return
      const first = trees.get(tree, 1)
      const end = tree + 1 < trees.count ? trees.get(tree + 1, 1) : scopes.count
      for (
        let row = innermost(scopes, first, end, place.line, place.column);
        row !== NONE;
        row = scopes.get(row, PARENT)
      ) {
        if (scopes.get(row, SOURCE) !== place.source || scopes.get(row, IS_FUNCTION) === 0) continue
        const name = scopes.get(row, NAME)
        return name === NONE ? 'anonymous' : name
      }
    },
    callSites(line, column) {
      const sites: OriginalPlace[] = []
      for (let row = innermost(ranges, 0, ranges.count, line, column); row !== NONE; row = ranges.get(row, PARENT)) {
        const source = ranges.get(row, CALL_SOURCE)
        if (source !== NONE) {
          sites.push({ source, line: ranges.get(row, CALL_LINE), column: ranges.get(row, CALL_COLUMN) })
        } else if (ranges.get(row, IS_STACK_FRAME) === 1) break
        if (sites.length >= MOST_INLINED) break
      }
      return sites
    },
    get size() {
      return scopes.size + ranges.size + trees.size
    },
  }
}

/** No real chain is as long. */
const MOST_INLINED = 100

/** Rows stand in the order of their starts, each inside its parent: the last that began, or the first around it still open. */
function innermost(rows: Rows, first: number, end: number, line: number, column: number): number {
  const began = (row: number) => isAtOrBefore(rows.get(row, LINE), rows.get(row, COLUMN), line, column)
  let row = lastRow(end - first, row => began(first + row))
  if (row < 0) return NONE
  row += first
  while (row !== NONE && isEnded(rows, row, line, column)) row = rows.get(row, PARENT)
  return row
}

function isEnded(rows: Rows, row: number, line: number, column: number): boolean {
  const endLine = rows.get(row, END_LINE)
  return endLine !== NONE && isAtOrBefore(endLine, rows.get(row, END_COLUMN), line, column)
}

function isAtOrBefore(line: number, column: number, toLine: number, toColumn: number): boolean {
  return line < toLine || (line === toLine && column <= toColumn)
}

/** An item has a few numbers; those with lists, which are not needed here, are cut. */
const MOST_NUMBERS = 16

function readNumbers(json: Buffer, start: number, end: number): number[] {
  const numbers: number[] = []
  for (let at = start; at < end && numbers.length < MOST_NUMBERS; ) {
    const number = readUnsigned(json, at)
    if (number.end < 0 || number.end > end) throw new SyntaxError(`the scopes are broken at byte ${at}`)
    numbers.push(number.value)
    at = number.end
  }
  return numbers
}

/** The sign is the lowest bit. */
function signed(value: number): number {
  const magnitude = Math.floor(value / 2)
  return value % 2 ? -magnitude : magnitude
}
