import { posix } from 'node:path'
import { type Artifact, readTrailingComments, writeTrailingComments } from '@mapseal/core'

/**
 * The script with a link to the map beside it, on the copy that is sent: for those who go from the script to the map. Where the one
 * that ships leads elsewhere, they may not get there.
 */
export function linkedCode({ path, code }: Pick<Artifact, 'path' | 'code'>): Buffer {
  const bytes = Buffer.from(code)
  const { bodyEnd, debugId } = readTrailingComments(bytes)
  const mapUrl = `${encodeURI(posix.basename(path))}.map`
  return Buffer.concat([bytes.subarray(0, bodyEnd), Buffer.from(writeTrailingComments({ debugId, mapUrl }))])
}
