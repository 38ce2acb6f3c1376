import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { reason } from '../errors.ts'
import { isJsonObject } from '../map/validate/fields.ts'
import { parseMap } from '../map/validate/parse.ts'
import type { BlobRef } from '../types.ts'
import { decodeApart } from './decode.ts'

/** What is wrong with a member of a pack, as a clause; undefined where it is whole. */
export async function memberFault(blob: BlobRef, member: Buffer, isMap: boolean): Promise<string | undefined> {
  if (member.length < blob.length) return `ends before byte ${blob.offset + blob.length}`
  if (crc32(member) !== blob.crc32) return `has other bytes (CRC-32) at byte ${blob.offset}`
  try {
    const bytes = await decodeApart(member, blob)
    if (bytes.length !== blob.size) return `holds ${bytes.length} bytes, not ${blob.size}, at byte ${blob.offset}`
    if (createHash('sha256').update(bytes).digest('hex') !== blob.sha256)
      return `holds another file (SHA-256) at byte ${blob.offset}`
    return isMap ? mapFault(bytes, blob) : undefined
  } catch (cause) {
    return `cannot be unpacked at byte ${blob.offset}: ${reason(cause)}`
  }
}

function mapFault(bytes: Buffer, { offset }: BlobRef): string | undefined {
  try {
    return isJsonObject(parseMap(bytes)) ? undefined : `holds no source map at byte ${offset}, but other JSON`
  } catch (cause) {
    return `holds a source map at byte ${offset} that does not parse: ${reason(cause)}`
  }
}
