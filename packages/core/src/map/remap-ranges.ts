import { type Break, comparePlaces, type Place } from './place.ts'
import { readSigned, readUnsigned, writeSigned, writeUnsigned } from './vlq.ts'

interface RangedMap {
  mappings: string
  rangeMappings: string
}

interface Segment extends Place {
  /** Source, line, column and name, as far as there are; none where the code has no original. */
  original: number[]
  isRange: boolean
}

/**
 * As `remapGenerated` for a map with `rangeMappings` (a proposal of ECMA-426). A range mapping covers all code up to the next
 * one, offset by offset. Where that code was changed, the range ends at the change and goes on behind it as a second one; what
 * was put in leads nowhere.
 *
 * @throws SyntaxError where either is broken
 */
export function remapRanges(
  map: RangedMap,
  move: (from: Place) => Place,
  breaks: Break[],
  end: Place | undefined,
): RangedMap {
  const segments = readSegments(map)
  const moved = segments.flatMap((segment, index) => {
    const next = segments[index + 1]
    const inside = segment.isRange
      ? breaks.filter(({ at, resume }) => comparePlaces(resume, segment) > 0 && (!next || comparePlaces(at, next) < 0))
      : []
    return movedSegments(segment, next, inside, move)
  })
  const last = moved.at(-1)
  if (end && (!last || comparePlaces(end, last) > 0)) moved.push({ ...end, original: [], isRange: false })
  return writeSegments(moved)
}

function movedSegments(
  segment: Segment,
  next: Segment | undefined,
  breaks: Break[],
  move: (from: Place) => Place,
): Segment[] {
  const { line, column, original, isRange } = segment
  const first = move({ line, column })
  const moved: Segment[] = [{ ...first, original, isRange }]
  for (const { begins, resume } of breaks) {
    const isAtStart = comparePlaces(begins, first) <= 0
    const goesOn = !next || comparePlaces(resume, next) < 0
    const resumed = move(resume)
    // Before the mapping itself nothing has to end.
    if (comparePlaces(resumed, first) <= 0) continue
    if (isAtStart) moved[0] = { ...first, original, isRange: false }
    else if (comparePlaces(begins, resumed) < 0 || !goesOn) moved.push({ ...begins, original: [], isRange: false })
    if (goesOn) moved.push({ ...resumed, original: advanced(segment, resume), isRange: true })
  }
  return moved
}

/** Where a range leads at a place in it. */
function advanced({ line, column, original }: Segment, place: Place): number[] {
  const [source = 0, originalLine = 0, originalColumn = 0] = original
  if (place.line === line) return [source, originalLine, originalColumn + place.column - column]
  return [source, originalLine + place.line - line, place.column]
}

function readSegments({ mappings, rangeMappings }: RangedMap): Segment[] {
  const ranges = rangeMappings.split(';').map(readIndices)
  const totals = [0, 0, 0, 0]
  return mappings.split(';').flatMap((text, line) => {
    let column = 0
    const ofLine = text === '' ? [] : text.split(',')
    return ofLine.map((segment, index): Segment => {
      const [move = 0, ...deltas] = numbers(segment, readSigned)
      column += move
      const original = deltas.map((delta, field) => {
        totals[field] = (totals[field] as number) + delta
        return totals[field] as number
      })
      return { line, column, original, isRange: original.length > 0 && ranges[line]?.has(index) === true }
    })
  })
}

function readIndices(text: string): Set<number> {
  let index = 0
  return new Set(
    numbers(text, readUnsigned).map(delta => {
      index += delta
      return index
    }),
  )
}

function numbers(text: string, read: typeof readSigned): number[] {
  const bytes = Buffer.from(text, 'latin1')
  const values: number[] = []
  for (let at = 0; at < bytes.length; ) {
    const { value, end } = read(bytes, at)
    if (end < 0) throw new SyntaxError(`the mappings are broken at ${JSON.stringify(text.slice(0, 20))}`)
    values.push(value)
    at = end
  }
  return values
}

function writeSegments(segments: Segment[]): RangedMap {
  const totals = [0, 0, 0, 0]
  const lines: string[][] = [[]]
  const ranges: number[][] = [[]]
  let column = 0
  for (const segment of segments) {
    if (segment.line < lines.length - 1) throw new SyntaxError('the mappings do not ascend')
    for (; lines.length <= segment.line; column = 0) {
      lines.push([])
      ranges.push([])
    }
    const ofLine = lines.at(-1) as string[]
    if (segment.isRange) ranges.at(-1)?.push(ofLine.length)
    const original = segment.original.map((value, field) => {
      const delta = value - (totals[field] as number)
      totals[field] = value
      return delta
    })
    ofLine.push([segment.column - column, ...original].map(writeSigned).join(''))
    column = segment.column
  }
  const deltas = (indices: number[]) =>
    indices.map((index, at) => writeUnsigned(index - (indices[at - 1] ?? 0))).join('')
  return {
    mappings: lines.map(line => line.join(',')).join(';'),
    rangeMappings: ranges.map(deltas).join(';').replace(/;+$/, ''),
  }
}
