import type { Bytes } from '@mapseal/core'

/** The source map with `file` set, on the copy that is sent: for those who find maps by that field. */
export function withFile(map: Bytes, file: string): Bytes {
  const { version, file: _, ...rest } = JSON.parse(Buffer.from(map).toString('utf8')) as Record<string, unknown>
  return Buffer.from(JSON.stringify({ version, file, ...rest }))
}
