import { expandLog, inlineDebugIds } from '@mapseal/core/symbolicate'
import type { FrameQuery, ReleaseQuery, StackOptions } from './types.ts'

export type ParsedRequest = { frames: FrameQuery[]; release?: ReleaseQuery } | ({ stack: string } & StackOptions)

const MOST_FRAMES = 1000
const MOST_LINES = 10_000
const MOST_IDS = 1000
const LONGEST_TEXT = 4096
const HIGHEST = 2 ** 31 - 1

/** The body of `POST /api/symbolicate`, checked, or a message that says what is wrong with it. */
export function parseRequest(body: unknown): ParsedRequest | string {
  if (!isObject(body)) return 'The body must be a JSON object with "stack" or "frames"'
  const { release: name, dist, stack, frames, debugIds = {} } = body
  if (!isAbsentOrText(name) || !isAbsentOrText(dist)) return 'release and dist must be strings'
  const release = name === undefined ? {} : { release: { name, ...(dist !== undefined && { dist }) } }
  if ((stack === undefined) === (frames === undefined)) return 'Give either "stack" or "frames"'
  if (frames !== undefined) {
    if (!Array.isArray(frames) || frames.length > MOST_FRAMES) return `frames must be a list of at most ${MOST_FRAMES}`
    const wrong = frames.findIndex(frame => !isFrame(frame))
    if (wrong < 0) return { frames: frames as FrameQuery[], ...release }
    return `frames[${wrong}] must have a "line" from 1, a "column" from 0, and "debugId" or "file"`
  }
  if (typeof stack !== 'string') return 'stack must be a string'
  if (countLines(stack) > MOST_LINES) return `stack has more than ${MOST_LINES} lines`
  if (!isObject(debugIds)) return 'debugIds must be an object from URLs to debug IDs'
  const ids = Object.entries(debugIds)
  if (ids.length > MOST_IDS || ids.some(([url, id]) => !isText(url) || !isText(id))) {
    return `debugIds must hold at most ${MOST_IDS} strings`
  }
  // The text may be a log, of which frames make lines of their own; IDs may stand beside them.
  const expanded = expandLog(stack)
  if (countLines(expanded) > MOST_LINES) return `stack has more than ${MOST_LINES} frames and lines`
  const inline = inlineDebugIds([{ kind: 'text', raw: stack }])
  return { stack: expanded, debugIds: { ...inline, ...(debugIds as Record<string, string>) }, ...release }
}

function isFrame(value: unknown): boolean {
  if (!isObject(value)) return false
  const { debugId, file, line, column, function: name, isAsync } = value
  const texts = [debugId, file, name].every(isAbsentOrText)
  const isPlaced = isNumber(line) && (column === undefined || isNumber(column))
  return texts && isPlaced && (isAsync === undefined || typeof isAsync === 'boolean')
}

function isNumber(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= HIGHEST
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= LONGEST_TEXT
}

function isAbsentOrText(value: unknown): value is string | undefined {
  return value === undefined || isText(value)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function countLines(text: string): number {
  let count = 1
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++
  return count
}
