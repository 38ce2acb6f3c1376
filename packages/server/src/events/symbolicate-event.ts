import type { OriginalFrame } from '@mapseal/core/symbolicate'
import type { FrameQuery, ReleaseQuery, ResolvedFrame, Symbolicator } from '../symbolicate/index.ts'
import { isOfApp } from './in-app.ts'
import type { OriginalPosition, StoredException, StoredFrame } from './stored-event.ts'

/** Adds to each frame its original, or the reason why there is none. */
export async function symbolicateEvent(
  exceptions: StoredException[],
  symbolicator: Symbolicator,
  release: ReleaseQuery | undefined,
): Promise<StoredException[]> {
  const each = exceptions.map(async exception => {
    const resolved = await symbolicator.frames(exception.frames.map(queryOf), release)
    return { ...exception, frames: exception.frames.map((frame, index) => merge(frame, resolved[index])) }
  })
  return withFewLines(await Promise.all(each))
}

/** Maximum characters of source lines and inlined calls, for all frames of an event. Real ones have a tenth of it. */
const MOST_SOURCE = 300_000

/** A frame takes a few bytes to send, and must not fill the store with source lines. */
function withFewLines(exceptions: StoredException[]): StoredException[] {
  let left = MOST_SOURCE
  return exceptions.map(exception => ({
    ...exception,
    frames: exception.frames.map(frame => {
      if (!frame.original) return frame
      const { context, inlinedInto, ...place } = frame.original
      const size = JSON.stringify([context, inlinedInto]).length
      if (size > left) return { ...frame, original: place }
      left -= size
      return frame
    }),
  }))
}

function queryOf({ generated: { line = 0, ...position } }: StoredFrame): FrameQuery {
  const name = position.function
  // SDKs make V8's prefix a part of the name.
  return name?.startsWith('async ')
    ? { ...position, line, function: name.slice(6), isAsync: true }
    : { ...position, line }
}

function merge(frame: StoredFrame, resolved: ResolvedFrame | undefined): StoredFrame {
  const { problem: _, original: __, ...bare } = frame
  if (!resolved || resolved.kind === 'native') return { ...bare, isInApp: false }
  // Libraries often have no map; that is not worth a message.
  if (resolved.kind === 'unresolved') return frame.isInApp ? { ...bare, problem: resolved.message } : bare
  const { inlinedInto = [], namedBy, ...call } = resolved.original
  const original = {
    ...positionOf(call),
    ...(namedBy && { namedBy }),
    ...(inlinedInto.length > 0 && { inlinedInto: inlinedInto.map(positionOf) }),
  }
  return { ...bare, original, isInApp: !call.isIgnored && isOfApp(call.source) }
}

function positionOf({
  source,
  line,
  column,
  function: name,
  context,
}: Omit<OriginalFrame, 'isIgnored'>): OriginalPosition {
  return { source, line, column, ...(name && { function: name }), ...(context && { context }) }
}
