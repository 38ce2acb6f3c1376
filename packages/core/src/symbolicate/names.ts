import type { OriginalPosition } from './map-reader.ts'
import type { NameSource, OriginalFrame } from './result.ts'

/** @param generated as the engine named it @param called as {@link calledName} of the frame's caller */
export function originalFrame(
  generated: string | undefined,
  position: OriginalPosition,
  called: string | undefined,
): OriginalFrame {
  const { isExact: _, enclosing, ...place } = position
  const found = originalName(generated, called, enclosing, place.context?.lines)
  return { ...(found && { function: found.name, namedBy: found.by }), ...place }
}

/** What a frame's mapping reveals about the function that it calls; undefined where it stands at no call. */
export function calledName(frame: { isAsync?: boolean }, position: OriginalPosition): string | undefined {
  return frame.isAsync || !position.isExact ? undefined : position.name
}

/**
 * The original name of the function that a frame is in: as the map's `scopes` or the original source give it. For a function
 * without a name of its own it is what the engine calls it after the property or variable that it was written for, such as
 * `onClick`, unless that was minified.
 *
 * The name at the call in the caller's mapping, which error trackers show, is that of the caller's variable. For a callback
 * it is wrong (`for (const listener of listeners) listener()`), so it only counts where nothing else is known.
 *
 * @param called undefined where the caller is native, was resumed after an `await`, or no mapping begins at the call
 * @param lines of the source around the position, which tell a short name from a minified one
 */
export function originalName(
  generated: string | undefined,
  called: string | undefined,
  enclosing: OriginalPosition['enclosing'],
  lines: readonly string[] = [],
): { name: string; by: NameSource } | undefined {
  if (enclosing?.name !== undefined) return { name: enclosing.name, by: enclosing.from }
  if (generated === undefined) return
  const readable = readableName(generated, lines)
  if (enclosing) return readable === undefined ? undefined : { name: readable, by: 'engine' }
  const [, prefix = '', name = ''] = PREFIXED.exec(generated) ?? []
  const isOfEngine = readable !== undefined || isUnnamed(name) || called === undefined
  if (isOfEngine || name === called || name.endsWith(`.${called}`)) return { name: generated, by: 'engine' }
  return { name: prefix + called, by: 'caller' }
}

const PREFIXED = /^((?:async )?(?:new |get |set )?)(.*)$/s

/** A module of webpack (`Object.665`), or a function without a name in a class. */
function isUnnamed(name: string): boolean {
  return /(?:<anonymous>|^\d+|\.\d+)$/.test(name)
}

/** What an engine calls a function, without a minified receiver; undefined if the name itself is minified. */
function readableName(generated: string, lines: readonly string[]): string | undefined {
  const [, prefix = '', name = ''] = PREFIXED.exec(generated) ?? []
  const dot = name.lastIndexOf('.')
  const [receiver, own] = [name.slice(0, Math.max(dot, 0)), name.slice(dot + 1)]
  if (isUnnamed(name) || isMinified(own, lines)) return
  return prefix + (receiver && !isMinified(receiver, lines) ? name : own)
}

/** Longest name that minifiers give, but for names of three characters in bundles of megabytes. */
const LONGEST_MINIFIED = 3

function isMinified(name: string, lines: readonly string[]): boolean {
  if (name.length > LONGEST_MINIFIED) return false
  return name.length < LONGEST_MINIFIED || !lines.some(line => line.split(/[^\w$]+/).includes(name))
}
