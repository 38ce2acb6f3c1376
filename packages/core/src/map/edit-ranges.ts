import type { Splice } from './splice.ts'
import { readSigned, readUnsigned, writeSigned, writeUnsigned } from './vlq.ts'

/** A string of a map: where its first byte is, and the byte after its last. */
interface Stretch {
  start: number
  end: number
}

/** A segment where it stands; its line is of the generated code, from 0. */
interface Segment extends Stretch {
  line: number
  deltas: number[]
}

interface Totals {
  line: number
  column: number
  originalLine: number
  originalColumn: number
}

/**
 * What `rangeMappings` (a stage 3 proposal of ECMA-426) needs besides the shift of columns. A range mapping covers all
 * code up to the next mapping, offset by offset; one that is cut by an insertion goes on behind it as a second one.
 * Indices of range mappings count the segments of a line, so those behind the cut move on by one.
 *
 * @param line from 0
 * @returns the splices that replace the shift of columns, or undefined where no range is cut
 */
export function cutRange(
  map: Buffer,
  mappings: Stretch,
  ranges: Stretch,
  { line, column, by }: { line: number; column: number; by: number },
): Splice[] | undefined {
  const before: Totals = { line: -1, column: 0, originalLine: 0, originalColumn: 0 }
  let cut: Segment | undefined
  let index = -1
  const behind: Segment[] = []
  for (const segment of segments(map, mappings)) {
    const [generated = 0, , originalLine = 0, originalColumn = 0] = segment.deltas
    const isNewLine = segment.line !== before.line
    const at = (isNewLine ? 0 : before.column) + generated
    if (behind.length > 0 || segment.line > line || (segment.line === line && at >= column)) {
      behind.push(segment)
      if (segment.deltas.length > 1) break
      continue
    }
    index = isNewLine ? 0 : index + 1
    cut = segment
    Object.assign(before, {
      line: segment.line,
      column: at,
      originalLine: before.originalLine + originalLine,
      originalColumn: before.originalColumn + originalColumn,
    })
  }
  if (!cut || cut.deltas.length === 1 || !rangesOf(map, ranges, cut.line).includes(index)) return undefined

  const isSameLine = cut.line === line
  const from = isSameLine ? before.column : 0
  const [next] = behind
  const nextColumn = next?.line === line ? from + (next.deltas[0] as number) : undefined
  if (nextColumn === column) return undefined
  const lines = line - cut.line
  const columns = isSameLine ? column - before.column : column - before.originalColumn
  const second = [column + by - from, 0, lines, columns].map(writeSigned).join('')

  const splices = behind.flatMap(segment => {
    const isNext = segment === next && nextColumn !== undefined
    const isMapped = segment.deltas.length > 1
    if (!isNext && !isMapped) return []
    const [generated = 0, source = 0, originalLine = 0, originalColumn = 0, ...name] = segment.deltas
    const original = isMapped ? [source, originalLine - lines, originalColumn - columns, ...name] : []
    const text = [isNext ? nextColumn - column : generated, ...original].map(writeSigned).join('')
    return [{ start: segment.start, end: segment.end, text: isNext ? `${second},${text}` : text }]
  })
  if (nextColumn === undefined) {
    const at = lineAt(map, mappings, line)
    const missing = ';'.repeat(line - at.line)
    splices.push({ start: at.end, end: at.end, text: `${missing}${isSameLine ? ',' : ''}${second}` })
  }
  return [...splices, withRange(map, ranges, line, isSameLine ? index + 1 : 0)]
}

/** The indices of a line with one more among them; those from it on move. */
function withRange(map: Buffer, ranges: Stretch, line: number, added: number): Splice {
  const moved = rangesOf(map, ranges, line).map(index => (index >= added ? index + 1 : index))
  const text = [...moved, added]
    .sort((a, b) => a - b)
    .map((index, at, all) => writeUnsigned(index - (all[at - 1] ?? 0)))
    .join('')
  const at = lineAt(map, ranges, line)
  return at.line === line
    ? { start: at.start, end: at.end, text }
    : { start: at.end, end: at.end, text: ';'.repeat(line - at.line) + text }
}

/** Indices of the segments of a line that are range mappings. */
function rangesOf(map: Buffer, ranges: Stretch, line: number): number[] {
  const place = lineAt(map, ranges, line)
  const indices: number[] = []
  if (place.line !== line) return indices
  let index = 0
  for (let at = place.start; at < place.end; ) {
    const number = readUnsigned(map, at)
    if (number.end < 0 || number.end > place.end) throw new SyntaxError(`the range mappings are broken at byte ${at}`)
    index += number.value
    indices.push(index)
    at = number.end
  }
  return indices
}

/** Where a line stands, or the last one where there are fewer. */
function lineAt(map: Buffer, { start, end }: Stretch, line: number): Stretch & { line: number } {
  let from = start
  for (let count = 0; ; count++) {
    const semicolon = map.indexOf(0x3b, from)
    const isLast = semicolon < 0 || semicolon >= end
    if (count === line || isLast) return { line: count, start: from, end: isLast ? end : semicolon }
    from = semicolon + 1
  }
}

function* segments(map: Buffer, { start, end }: Stretch): Generator<Segment> {
  let line = 0
  for (let at = start; at < end; ) {
    const byte = map[at]
    if (byte === 0x3b) line += 1
    if (byte === 0x3b || byte === 0x2c) {
      at += 1
      continue
    }
    const segment: Segment = { line, start: at, end: at, deltas: [] }
    while (at < end && map[at] !== 0x3b && map[at] !== 0x2c) {
      const delta = readSigned(map, at)
      if (delta.end < 0 || delta.end > end) throw new SyntaxError(`the mappings are broken at byte ${at}`)
      segment.deltas.push(delta.value)
      at = delta.end
    }
    yield { ...segment, end: at }
  }
}
