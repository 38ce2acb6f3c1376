import type { OriginalPosition } from '@mapseal/core/symbolicate'

/** Limits in characters. */
const MOST = {
  /** For a line, a name or a path. */
  text: 1000,
  /** For the source lines of one position, including those of the calls around it. */
  position: 40_000,
  /** For all positions in one map. */
  map: 16_000_000,
}

/** Cuts long texts of positions, one after the other; positions over the limits lose their source lines. */
export type Trimmer = (position: OriginalPosition) => OriginalPosition

/**
 * An original may be a bundle itself, with megabytes in one line. Eleven lines of it for each of thousands of frames would
 * be far too much for an answer.
 */
export function createTrimmer(): Trimmer {
  let left = MOST.map

  return position => {
    let room = Math.min(left, MOST.position)

    function trim<Call extends Cut>(call: Call): Call {
      const { context, ...place } = call
      const cut = { ...place, source: short(call.source) } as Call
      if (call.function !== undefined) cut.function = short(call.function)
      const lines = context?.lines.map(short) ?? []
      const length = lines.reduce((sum, line) => sum + line.length, 0)
      if (!context || length > room) return cut
      room -= length
      left -= length
      return { ...cut, context: { ...context, lines } }
    }

    const { name, enclosing, inlinedInto } = position
    return {
      ...trim(position),
      ...(name !== undefined && { name: short(name) }),
      ...(enclosing && {
        enclosing: { ...enclosing, ...(enclosing.name !== undefined && { name: short(enclosing.name) }) },
      }),
      ...(inlinedInto && { inlinedInto: inlinedInto.map(trim) }),
    }
  }
}

type Cut = Pick<OriginalPosition, 'source' | 'function' | 'context'>

function short(text: string): string {
  return text.length > MOST.text ? `${text.slice(0, MOST.text)}…` : text
}
