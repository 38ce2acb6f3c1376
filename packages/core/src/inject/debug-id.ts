import { createHash, type Hash } from 'node:crypto'

/** Stands in the snippet until the debug ID is known; the same length, so that no column moves. */
export const placeholderId = '00000000-0000-0000-0000-000000000000'

/**
 * The debug ID of a generated file: the first 16 bytes of
 * `sha256("mapseal/1\0" + path + "\0" + body)` as a UUID of version 8 (custom) and variant 10.
 * `body` is the file as it ships, snippet and all, with the ID itself as {@link placeholderId} and without the trailing
 * comment block. The name is in it because bundlers give identical chunks identical IDs; the map is not, because on the
 * Rollup family a file name cannot see the map.
 *
 * @param path below the output folder, with forward slashes
 */
export function computeDebugId(path: string, body: (hash: Hash) => void): string {
  const hash = createHash('sha256').update(`mapseal/1\0${path}\0`)
  body(hash)
  const bytes = hash.digest().subarray(0, 16)
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x80
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80
  return dashed(bytes.toString('hex'))
}

/** The canonical form of an ID that a tool wrote (any case, dashes optional), or undefined if it is not a UUID. */
export function normalizeDebugId(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined
  const hex = text.replaceAll('-', '').toLowerCase()
  return /^[0-9a-f]{32}$/.test(hex) ? dashed(hex) : undefined
}

function dashed(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

const uuid = /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/g

/** What may be debug IDs in a text, each once. */
export function debugIdsIn(text: string): string[] {
  return [...new Set(text.match(uuid))]
}
