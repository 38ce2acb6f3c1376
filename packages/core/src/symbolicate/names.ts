import type { OriginalPosition } from './map-reader.ts'
import type { OriginalFrame } from './result.ts'

/** @param generated as the engine named it @param called as {@link calledName} of the frame's caller */
export function originalFrame(
  generated: string | undefined,
  position: OriginalPosition,
  called: string | undefined,
): OriginalFrame {
  const { isExact: _, enclosing, ...place } = position
  const name = originalName(generated, called, enclosing)
  return { ...(name && { function: name }), ...place }
}

/** What a frame's mapping reveals about the function that it calls; undefined where it stands at no call. */
export function calledName(frame: { isAsync?: boolean }, position: OriginalPosition): string | undefined {
  return frame.isAsync || !position.isExact ? undefined : position.name
}

/**
 * The original name of the function that a frame is in, from what the engine called it, what its caller's mapping names,
 * and the function around the position in the original source.
 *
 * A map's `scopes` say it for certain. Else: a map names what stands at a position, and a frame's own position is
 * somewhere inside its function; but its caller's position is the call, and the name there is the function's, as error
 * trackers take it. `called` is undefined where that cannot be trusted: the caller is native, was resumed after an
 * `await`, or no mapping begins at the call. Then the function that the source text shows around the position counts. Where
 * neither helps, and for functions without a name of their own, the engine's name stays.
 */
export function originalName(
  generated: string | undefined,
  called: string | undefined,
  enclosing: OriginalPosition['enclosing'],
): string | undefined {
  const around = enclosing?.name === 'anonymous' ? undefined : enclosing?.name
  if (enclosing?.isCertain) return around
  // The source knows the class too: `Cart.total`, `new Cart`.
  if (around && called && (around === called || around.endsWith(`.${called}`) || around === `new ${called}`))
    return around
  const [, prefix = '', name = ''] = /^(new |get |set )?(.*)$/s.exec(generated ?? '') ?? []
  if (!generated || !called) return around ?? generated
  if (name === called || name.endsWith(`.${called}`) || /(?:<anonymous>|^\d+|\.\d+)$/.test(name)) return generated
  return prefix + called
}
