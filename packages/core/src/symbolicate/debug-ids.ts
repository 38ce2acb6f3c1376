import { normalizeDebugId } from '../debug-id.ts'
import { endsWith, pathSegments } from './locate.ts'
import type { StackLine } from './stack.ts'

/** Debug IDs by the URL of the script, or the end of its path. */
export type DebugIds = Record<string, string>

const UUID = /\b[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\b/gi
const KEY = /([^\s"']+)["']?\s*[=:]?\s*["']?$/
const LONGEST_URL = 2048

/** Pairs that the text itself holds: `url=id`, `url: id`, `url id` or `"url": "id"`, several to a line. */
export function inlineDebugIds(lines: StackLine[]): DebugIds {
  const found: DebugIds = {}
  for (const line of lines) {
    if (line.kind !== 'text') continue
    for (const match of line.raw.matchAll(UUID)) {
      const before = line.raw.slice(Math.max(0, match.index - LONGEST_URL), match.index)
      const url = KEY.exec(before)?.[1]?.replace(/[=:]$/, '')
      if (url && /[/.]/.test(url)) found[url] = match[0]
    }
  }
  return found
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
