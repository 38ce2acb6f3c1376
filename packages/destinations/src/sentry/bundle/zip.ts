/**
 * A ZIP writer of our own, since no library does all of this: offsets that count from a header before the archive, no data
 * descriptors, one fixed date, and headers as separate pieces, so that chunks can end where entries end and no entry need
 * be in memory. The records are laid out as sentry-cli does (made by Unix 2.0, 1980-01-01 00:00, mode 0644).
 */

export interface ZipEntry {
  /** ASCII. */
  name: string
  method: 'stored' | 'deflated'
  /** The checksum of the uncompressed bytes. */
  crc32: number
  size: number
  /** As stored in the archive. */
  packedSize: number
}

export const zipLimits: { entries: number; bytes: number } = { entries: 0xffff - 1, bytes: 0xffffffff - 1 }

const localSignature = 0x04034b50
const centralSignature = 0x02014b50
const endSignature = 0x06054b50

/** Stands before an entry's bytes; knows nothing of its place, so that it is the same wherever the entry is. */
export function localHeader(entry: ZipEntry): Buffer {
  const header = Buffer.alloc(30)
  header.writeUInt32LE(localSignature, 0)
  writeCommon(header, entry, 4)
  return Buffer.concat([header, Buffer.from(entry.name, 'latin1')])
}

/** @param offset of the entry's local header, from byte 0 of the file */
export function centralHeader(entry: ZipEntry, offset: number): Buffer {
  const header = Buffer.alloc(46)
  header.writeUInt32LE(centralSignature, 0)
  header.writeUInt16LE(0x0314, 4)
  writeCommon(header, entry, 6)
  header.writeUInt32LE(0x81a40000, 38)
  header.writeUInt32LE(offset, 42)
  return Buffer.concat([header, Buffer.from(entry.name, 'latin1')])
}

/** Ends the archive. */
export function endOfCentralDirectory(entries: number, size: number, offset: number): Buffer {
  const end = Buffer.alloc(22)
  end.writeUInt32LE(endSignature, 0)
  end.writeUInt16LE(entries, 8)
  end.writeUInt16LE(entries, 10)
  end.writeUInt32LE(size, 12)
  end.writeUInt32LE(offset, 16)
  return end
}

/** From "version needed" to the length of the extra field: 26 bytes that both headers share. */
function writeCommon(header: Buffer, { name, method, crc32, size, packedSize }: ZipEntry, at: number): void {
  header.writeUInt16LE(20, at)
  header.writeUInt16LE(method === 'stored' ? 0 : 8, at + 4)
  header.writeUInt16LE(0x0021, at + 8)
  header.writeUInt32LE(crc32, at + 10)
  header.writeUInt32LE(packedSize, at + 14)
  header.writeUInt32LE(size, at + 18)
  header.writeUInt16LE(name.length, at + 22)
}
