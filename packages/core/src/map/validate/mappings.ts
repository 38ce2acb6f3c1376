import { digitValues, vlqLimit } from '../vlq.ts'
import type { Problems } from './problems.ts'

/** Lines from 1, columns from 0. */
export interface GeneratedPosition {
  line: number
  column: number
}

const COMMA = 44
const SEMICOLON = 59
const MAX = 2 ** 31 - 1
const FIELDS = ['generated column', 'source', 'original line', 'original column', 'name']

/** Checks a `mappings` string digit by digit, and says where the last mapping is. */
export function checkMappings(
  mappings: string,
  path: string,
  sizes: { sources: number; names: number },
  problems: Problems,
): GeneratedPosition | undefined {
  const state = [0, 0, 0, 0, 0]
  let last: GeneratedPosition | undefined
  let line = 1
  let segment = 1
  let fields = 0
  let value = 0
  let scale = 1
  let isBroken = false

  const add = (message: string) => {
    isBroken = true
    problems.add(`${path} line ${line}, segment ${segment}`, message)
  }

  for (let index = 0; index <= mappings.length && !problems.isFull(); index++) {
    const code = index < mappings.length ? mappings.charCodeAt(index) : SEMICOLON

    if (code !== COMMA && code !== SEMICOLON) {
      const digit = digitValues[code] ?? -1
      if (digit < 0) {
        add(`${JSON.stringify(mappings[index])} is not a base64 digit`)
        continue
      }
      if (digit & 31) value += (digit & 31) * scale
      scale *= 32
      if (digit & 32) continue
      if (value >= vlqLimit) add(`${FIELDS[fields] ?? 'a field'} exceeds 32 bits`)
      if (fields < state.length) state[fields] = (state[fields] ?? 0) + signed(value)
      fields++
      value = 0
      scale = 1
      continue
    }

    const isEmptyLine = code === SEMICOLON && segment === 1 && fields === 0 && scale === 1
    if (!isEmptyLine && !isBroken) {
      const message = scale > 1 ? 'its last VLQ is cut off' : segmentProblem(state, fields, sizes)
      if (message) add(message)
    }
    if (fields > 0) last = farther(last, line, state[0] ?? 0)
    segment++
    if (code === SEMICOLON) {
      line++
      segment = 1
      state[0] = 0
    }
    fields = 0
    value = 0
    scale = 1
    isBroken = false
  }
  return last
}

/** The sign is the lowest bit; minus zero stands for -2^31. */
function signed(value: number): number {
  const magnitude = Math.floor(value / 2)
  if (value % 2 === 0) return magnitude
  return magnitude === 0 ? -(2 ** 31) : -magnitude
}

function segmentProblem(
  state: readonly number[],
  fields: number,
  sizes: { sources: number; names: number },
): string | undefined {
  if (fields !== 1 && fields !== 4 && fields !== 5) return `it has ${fields} fields, neither 1, 4 nor 5`
  for (let field = 0; field < fields; field++) {
    const value = state[field] ?? 0
    if (value < 0) return `${FIELDS[field]} is negative`
    if (value > MAX) return `${FIELDS[field]} exceeds 32 bits`
  }
  const [, source = 0, , , name = 0] = state
  if (fields > 1 && source >= sizes.sources) return `source ${source} is not among the ${sizes.sources} sources`
  if (fields > 4 && name >= sizes.names) return `name ${name} is not among the ${sizes.names} names`
}

/** Segments of a line may come in any order. */
function farther(last: GeneratedPosition | undefined, line: number, column: number): GeneratedPosition {
  return last?.line === line && last.column > column ? last : { line, column }
}
