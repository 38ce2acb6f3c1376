import { crc32, deflateRawSync } from 'node:zlib'

export interface ArchiveEntry {
  name: string
  bytes: Buffer
  /** The Unix mode. @default a regular file's */
  mode?: number
  /** What the headers claim. @default the truth */
  size?: number
  packed?: Buffer
}

/** A ZIP archive with the eight bytes before it that artifact bundles have. */
export function makeArchive(entries: ArchiveEntry[]): Buffer {
  const magic = Buffer.from([0x53, 0x59, 0x53, 0x42, 2, 0, 0, 0])
  return Buffer.concat([magic, zip(entries, magic.length)])
}

function zip(entries: ArchiveEntry[], start: number): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = start
  for (const {
    name,
    bytes,
    mode = 0o100644,
    size = bytes.length,
    packed = deflateRawSync(bytes, { level: 1 }),
  } of entries) {
    const nameBytes = Buffer.from(name)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(0x800, 2)
    common.writeUInt16LE(8, 4)
    common.writeUInt16LE(0x21, 8)
    common.writeUInt32LE(crc32(bytes), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(size, 18)
    common.writeUInt16LE(nameBytes.length, 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, nameBytes, packed])
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE((mode << 16) >>> 0, 6)
    rest.writeUInt32LE(offset, 10)
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.from([20, 3]), common, rest, nameBytes]))
    parts.push(local)
    offset += local.length
  }
  const central = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, central, end])
}
