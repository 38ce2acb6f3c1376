import { normalizeDebugId } from '../debug-id.ts'
import { endsWith, pathSegments } from './locate.ts'
import type { StackLine } from './stack.ts'

/** Debug IDs by the URL of the script, or the end of its path. */
export type DebugIds = Record<string, string>

const UUID = /\b[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\b/gi
const LONGEST_URL = 2048
const MOST_IDS = 1000

/** Pairs that the text itself holds: `url=id`, `url: id`, `url id` or `"url": "id"`, several to a line. */
export function inlineDebugIds(lines: StackLine[]): DebugIds {
  const found: DebugIds = {}
  let count = 0
  for (const line of lines) {
    if (line.kind !== 'text') continue
    for (const match of line.raw.matchAll(UUID)) {
      const url = wordBefore(line.raw, match.index)
      if (!url || !/[/.]/.test(url)) continue
      if (++count > MOST_IDS) return found
      found[url] = match[0]
    }
  }
  return found
}

/** What stands before a value: back over quotes, blanks and one `=` or `:`, then to the next blank or quote. */
function wordBefore(text: string, before: number): string {
  const lowest = Math.max(0, before - LONGEST_URL)
  let end = before
  let isSeparated = false
  while (
    end > lowest &&
    (/[\s"']/.test(text[end - 1] as string) || (!isSeparated && /[=:]/.test(text[end - 1] as string)))
  ) {
    if (/[=:]/.test(text[end - 1] as string)) isSeparated = true
    end--
  }
  let start = end
  while (start > lowest && !/[\s"']/.test(text[start - 1] as string)) start--
  return text.slice(start, end)
}

/** The ID for a script: by its whole URL, else by the longest end of its path. Canonical, or as given if it is no UUID. */
export function debugIdOf(url: string, debugIds: DebugIds): string | undefined {
  const segments = pathSegments(url)
  const [key] = Object.keys(debugIds)
    .filter(key => key === url || endsWith(segments, pathSegments(key)))
    .sort((a, b) => Number(b === url) - Number(a === url) || b.length - a.length)
  const id = key === undefined ? undefined : debugIds[key]
  return id && (normalizeDebugId(id) ?? id)
}
