import type { Bytes } from '../types.ts'
import { members } from './json-scan.ts'

/**
 * `sources` of a map, of which the first bytes are enough: what stands before them is not parsed. Undefined if they are not in these
 * bytes, or if the map has sections.
 */
export function readSources({ buffer, byteOffset, length }: Bytes): (string | null)[] | undefined {
  const json = Buffer.from(buffer, byteOffset, length)
  try {
    for (const { key, start, end } of members(json, 0)) {
      if (key === 'sections') return undefined
      if (key === 'sources') return JSON.parse(json.toString('utf8', start, end)) as (string | null)[]
    }
  } catch {
    // It is cut off.
  }
  return undefined
}
