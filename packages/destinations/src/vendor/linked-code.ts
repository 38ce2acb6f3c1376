import { posix } from 'node:path'
import type { Artifact } from '@mapseal/core'

const link = /^[ \t]*\/\/[#@][ \t]*sourceMappingURL=/m

/** The script with a link to its map, on the copy that is sent: for those who go from the script to the map. */
export function linkedCode({ path, code }: Pick<Artifact, 'path' | 'code'>): Buffer {
  const bytes = Buffer.from(code)
  const hasLink = link.test(bytes.subarray(-1000).toString('latin1'))
  if (hasLink) return bytes
  const end = bytes.at(-1) === 0x0a ? '' : '\n'
  return Buffer.concat([bytes, Buffer.from(`${end}//# sourceMappingURL=${encodeURI(posix.basename(path))}.map\n`)])
}
