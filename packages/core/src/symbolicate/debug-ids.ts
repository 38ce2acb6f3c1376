import { normalizeDebugId } from '../inject/debug-id.ts'
import { pathSegments } from './locate.ts'
import type { StackLine } from './stack.ts'

/** Debug IDs by the URL of the script, or the end of its path. */
export type DebugIds = Record<string, string>

const UUID = /\b[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\b/gi
const LONGEST_URL = 2048
const MOST_IDS = 1000
/** Looking back from each costs up to {@link LONGEST_URL} steps. */
const MOST_LOOKED_AT = 5000

/** Pairs that the text itself holds: `url=id`, `url: id`, `url id` or `"url": "id"`, several to a line. */
export function inlineDebugIds(lines: StackLine[]): DebugIds {
  const found: DebugIds = {}
  let count = 0
  let lookedAt = 0
  for (const line of lines) {
    if (line.kind !== 'text') continue
    const text = withoutEscapes(line.raw)
    for (const match of text.matchAll(UUID)) {
      if (++lookedAt > MOST_LOOKED_AT) return found
      const url = wordBefore(text, match.index)
      if (!url || !/[/.]/.test(url)) continue
      if (++count > MOST_IDS) return found
      found[url] = match[0]
    }
  }
  return found
}

/** Quotes of a string in a string have up to seven backslashes before them. */
function withoutEscapes(text: string): string {
  let plain = text
  for (let depth = 0; depth < 7 && plain.includes('\\"'); depth++) plain = plain.replaceAll('\\"', '"')
  return plain
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

/** A key with more is found by the whole URL alone. */
const MOST_SEGMENTS = 64

/**
 * Finds the ID for a script: by its whole URL, else by the longest end of its path. Canonical, or as given if it is not a UUID.
 * There may be thousands of both, so no URL is held against every key.
 */
export function debugIdFinder(debugIds: DebugIds): (url: string) => string | undefined {
  /** By the segments of a key, the longest of the keys that have these. */
  const keys = new Map<string, string>()
  for (const key of Object.keys(debugIds)) {
    const segments = pathSegments(key)
    if (segments.length === 0 || segments.length > MOST_SEGMENTS) continue
    const end = segments.join('\n')
    if (key.length > (keys.get(end)?.length ?? 0)) keys.set(end, key)
  }

  function longestKey(url: string): string | undefined {
    let longest: string | undefined
    let end = ''
    for (const segment of pathSegments(url).slice(-MOST_SEGMENTS).reverse()) {
      end = end === '' ? segment : `${segment}\n${end}`
      const key = keys.get(end)
      if (key !== undefined && key.length > (longest?.length ?? 0)) longest = key
    }
    return longest
  }

  return url => {
    const key = Object.hasOwn(debugIds, url) ? url : longestKey(url)
    const id = key === undefined ? undefined : debugIds[key]
    return id && (normalizeDebugId(id) ?? id)
  }
}
