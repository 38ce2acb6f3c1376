import { gunzipSync } from 'node:zlib'
import type { Received } from './types.ts'

/** Source maps in one request to Datadog, Honeybadger or Faro. */
export function countMaps({ headers, body }: Received): number {
  const isGzip = body[0] === 0x1f && body[1] === 0x8b
  const plain = isGzip ? gunzipSync(body) : body
  const type = headers['content-type'] ?? ''
  if (type.startsWith('multipart/')) return plain.includes('name="source_map"') ? 1 : 0
  if (type.startsWith('application/json')) return plain.includes('"mappings"') ? 1 : 0
  if (type.startsWith('application/gzip')) return countInTar(plain)
  return 0
}

const BLOCK = 512

/** A tar's headers are blocks that hold a name and, in octal, a size. */
function countInTar(bytes: Buffer): number {
  let maps = 0
  for (let at = 0; at + BLOCK <= bytes.length && bytes[at] !== 0; ) {
    const name = bytes.toString('latin1', at, at + 100).replace(/\0.*$/s, '')
    const size = Number.parseInt(bytes.toString('latin1', at + 124, at + 136), 8)
    if (name.endsWith('.map')) maps += 1
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK
  }
  return maps
}
