import { createHash } from 'node:crypto'
import { sourceName } from '@mapseal/core/symbolicate'
import type { StoredException, StoredFrame } from './stored-event.ts'

/**
 * Events of one fault share a group: the type of what was thrown, and the innermost frame of the app's own code, by its
 * original file and function, which a new release moves less than a line number. Where the function's name is not certain,
 * the text of the line takes its place: many handlers are called `onClick`. 16 hex characters, part of a key.
 */
export function groupOf(exceptions: StoredException[]): string {
  const [thrown] = exceptions
  const frame = topFrame(thrown?.frames ?? [])
  const where = frame ? placeOf(frame) : shapeOf(thrown?.value ?? '')
  const words = [thrown?.type ?? '', ...where]
  return createHash('sha256')
    .update(`mapseal/group/1\0${words.join('\0')}`)
    .digest('hex')
    .slice(0, 16)
}

/** Innermost of the app; of a stack of libraries alone, the innermost. */
export function topFrame(frames: StoredFrame[]): StoredFrame | undefined {
  return frames.find(frame => frame.isInApp) ?? frames[0]
}

function placeOf({ original, generated }: StoredFrame): string[] {
  if (original) {
    const { function: name = '', namedBy } = original
    const isCertain = namedBy === 'scopes' || namedBy === 'source'
    return [sourceName(original.source), isCertain ? name : lineText(original)]
  }
  return [fileShape(generated.file ?? ''), generated.function ?? '']
}

function lineText({ line, context }: NonNullable<StoredFrame['original']>): string {
  return context?.lines[line - context.firstLine]?.trim() ?? String(line)
}

/** The expression below may turn back at every character. */
const LONGEST_NAME = 200

/** A generated file's name without host and content hash, which change with each deployment. */
function fileShape(file: string): string {
  const name = file.slice(file.lastIndexOf('/') + 1).slice(-LONGEST_NAME)
  return name.replace(/[.-][\w-]{6,}(?=(?:\.\w{2,4})+$)/, '')
}

/** A message without what differs from one time to the next. */
function shapeOf(message: string): string[] {
  return [message.replace(/[\da-f]{8,}|\d+/gi, '#').slice(0, 200)]
}
