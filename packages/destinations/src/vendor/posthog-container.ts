import { createHash } from 'node:crypto'
import type { Bytes } from '@mapseal/core'

const magic = Buffer.from('posthog_error_tracking')
const version = 1
/** A script with its map. */
const type = 2

/**
 * The file that PostHog keeps for a script: `posthog_error_tracking`, version and type as 32-bit numbers, then script and map, each
 * after its length as a 64-bit number; all little endian. Version 1 is the one without compression, which its server writes too.
 */
export function container(code: Bytes, map: Bytes): Bytes[] {
  const head = Buffer.alloc(magic.length + 16)
  magic.copy(head)
  head.writeUInt32LE(version, magic.length)
  head.writeUInt32LE(type, magic.length + 4)
  head.writeBigUInt64LE(BigInt(code.length), magic.length + 8)
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(map.length))
  return [head, code, length, map]
}

/** `content_hash` in its API: SHA-512 in lower-case hex. */
export function contentHash(pieces: Bytes[]): string {
  const hash = createHash('sha512')
  for (const piece of pieces) hash.update(piece)
  return hash.digest('hex')
}
