import { debugIdsIn } from '../inject/debug-id.ts'
import type { Break, Place } from './place.ts'

/** What another tool made of a stretch of ours: `removed` UTF-16 units at `at` became `added` others. */
interface Change {
  at: number
  removed: number
  added: number
}

/** Our code found in a text, perhaps with small changes in it. Offsets in UTF-16 units. */
export interface Alignment {
  start: number
  end: number
  /** Where a place in our code went. */
  move(from: Place): Place
  /** What was changed inside. */
  breaks: Break[]
}

/** So long a text stands at one place only; shorter ones recur in minified code. */
const anchor = 32
/** How much a tool may put in or take out at one place. */
const reach = { ours: 160, theirs: 2048 }
const maxChanges = 500
/** A framework may put a list of all its files in place of a word: Astro does. */
const farReach = { theirs: 1024 * 1024, times: 4 }

/**
 * Finds our code in a text that holds it, whatever stands before and behind it. Small changes inside are followed, such as an
 * escaped `</script` or a replaced placeholder; of code that was rewritten nothing is returned.
 *
 * @param debugId stands near the beginning of our code, and in no other's
 */
export function align(code: string, text: string, debugId: string): Alignment | undefined {
  const verbatim = text.indexOf(code)
  if (verbatim >= 0) return alignment(code, text, verbatim, [])
  const found = firstAnchor(code, text, debugId)
  if (!found) return undefined
  const changes = follow(code, text, found)
  return changes && alignment(code, text, found.there - found.here, changes)
}

/** All snippets begin alike, so it is the nearest place before the ID, with no other's ID between. */
function firstAnchor(code: string, text: string, debugId: string): { here: number; there: number } | undefined {
  const [last, lastThere] = [code.indexOf(debugId), text.indexOf(debugId)]
  if (last < 0 || lastThere < 0) return undefined
  for (let here = 0; here < last; here += anchor / 2) {
    const there = text.lastIndexOf(code.slice(here, here + anchor), lastThere)
    const isOwn = debugIdsIn(text.slice(there, lastThere)).every(id => code.includes(id))
    if (there >= here && isOwn) return { here, there }
  }
  return { here: last, there: lastThere }
}

/** Undefined where it is not our code any more. */
function follow(code: string, text: string, { here, there }: { here: number; there: number }): Change[] | undefined {
  const changes: Change[] = []
  let [ours, theirs] = [here, there]
  let [kept, far] = [0, 0]
  for (;;) {
    const same = sameLength(code, ours, text, theirs)
    kept += same
    ours += same
    theirs += same
    if (ours >= code.length) break
    let change = resume(code, ours, text, theirs, reach.theirs)
    if (!change && far < farReach.times) {
      far += 1
      change = resume(code, ours, text, theirs, farReach.theirs)
    }
    if (!change || changes.length >= maxChanges) return undefined
    changes.push(change)
    ours += change.removed
    theirs += change.added
  }
  return kept >= code.length * 0.9 ? changes : undefined
}

function sameLength(code: string, ours: number, text: string, theirs: number): number {
  const most = Math.min(code.length - ours, text.length - theirs)
  let length = 0
  for (let step = 4096; step >= 1; step = Math.floor(step / 8)) {
    while (length + step <= most && isSame(code, ours + length, text, theirs + length, step)) length += step
  }
  return length
}

function isSame(code: string, ours: number, text: string, theirs: number, length: number): boolean {
  return code.slice(ours, ours + length) === text.slice(theirs, theirs + length)
}

/** The smallest change after which both go on alike: for as long as possible, of which less is left at the end of our code. */
function resume(code: string, ours: number, text: string, theirs: number, window: number): Change | undefined {
  const ahead = text.slice(theirs, theirs + window)
  const left = code.length - ours
  let removed = 0
  for (const least of [anchor, anchor / 4, 0]) {
    let best: Change | undefined
    for (; removed <= Math.min(reach.ours, left - least); removed++) {
      if (best && removed >= best.removed + best.added) break
      const added = ahead.indexOf(code.slice(ours + removed, ours + removed + anchor))
      if (added < 0) continue
      if (!best || removed + added < best.removed + best.added) best = { at: ours, removed, added }
    }
    if (best) return best
  }
  return undefined
}

function alignment(code: string, text: string, start: number, changes: Change[]): Alignment {
  const lines = lineStarts(code)
  const places = lineStarts(text)
  const grown = changes.reduce((sum, { removed, added }) => sum + added - removed, 0)
  let moved = start
  const breaks = changes.map(({ at, removed, added }) => {
    const change = {
      at: placeAt(lines, at),
      begins: placeAt(places, at + moved),
      resume: placeAt(lines, at + removed),
    }
    moved += added - removed
    return change
  })
  return {
    start,
    end: start + code.length + grown,
    breaks,
    move: from => placeAt(places, start + movedOffset(offsetOf(lines, from, code.length), changes)),
  }
}

function movedOffset(offset: number, changes: Change[]): number {
  let moved = offset
  for (const { at, removed, added } of changes) {
    if (at > offset) break
    // What was replaced is where its replacement begins.
    if (offset < at + removed) return moved - (offset - at)
    moved += added - removed
  }
  return moved
}

/** Offsets at which the lines of a text begin. */
export function lineStarts(text: string): number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

/** @param end the offset of places behind the last line */
export function offsetOf(starts: number[], { line, column }: Place, end: number): number {
  return (starts[line] ?? end) + column
}

export function placeAt(starts: number[], offset: number): Place {
  let [low, high] = [0, starts.length - 1]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] as number) <= offset) low = middle
    else high = middle - 1
  }
  return { line: low, column: offset - (starts[low] as number) }
}
