import type { Bytes } from '../types.ts'
import { members } from './json-scan.ts'

/**
 * `sources` of a map, of which the first bytes are enough: what stands before them is not parsed. Undefined if they are not in these
 * bytes, or if the map has sections.
 */
export function readSources(start: Bytes): (string | null)[] | undefined {
  const json = Buffer.from(start.buffer, start.byteOffset, start.length)
  const at = json.indexOf('"sources"')
  return at < 0 ? undefined : (sourcesAt(json, at) ?? scanForSources(json))
}

/**
 * As bundlers write maps, by searches in native code: what scripts have many of, names, stands before them. Quotes in strings are escaped,
 * so this is a key, and the map's own unless another object begins before it.
 */
function sourcesAt(json: Buffer, at: number): (string | null)[] | undefined {
  const start = json.indexOf(':[', at) + 1
  if (start !== at + '"sources":'.length || json.subarray(1, at).includes('{')) return undefined
  return parsed(json, start, json.indexOf('"]', start) + 2)
}

function scanForSources(json: Buffer): (string | null)[] | undefined {
  try {
    for (const { key, start, end } of members(json, 0)) {
      if (key === 'sections') return undefined
      if (key === 'sources') return parsed(json, start, end)
    }
  } catch {
    // It is cut off.
  }
  return undefined
}

function parsed(json: Buffer, start: number, end: number): (string | null)[] | undefined {
  try {
    return JSON.parse(json.toString('utf8', start, end)) as (string | null)[]
  } catch {
    return undefined
  }
}
