import { crc32, deflateRawSync } from 'node:zlib'

/** An artifact bundle with one script and its map. */
export function makeBundle(name: string, debugId: string, code: string, map: string): Buffer {
  const headers = { 'debug-id': debugId }
  const files = {
    [`files/_/_/${name}`]: {
      type: 'minified_source',
      url: `~/${name}`,
      headers: { ...headers, sourcemap: `${name}.map` },
    },
    [`files/_/_/${name}.map`]: { type: 'source_map', url: `~/${name}.map`, headers },
  }
  const entries: [string, string][] = [
    [`files/_/_/${name}`, code],
    [`files/_/_/${name}.map`, map],
    ['manifest.json', JSON.stringify({ files, org: 'mapseal' })],
  ]
  const parts = [Buffer.from([0x53, 0x59, 0x53, 0x42, 2, 0, 0, 0])]
  const directory: Buffer[] = []
  let offset = 8
  for (const [path, text] of entries) {
    const bytes = Buffer.from(text)
    const packed = deflateRawSync(bytes, { level: 1 })
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(8, 4)
    common.writeUInt16LE(0x21, 8)
    common.writeUInt32LE(crc32(bytes), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(bytes.length, 18)
    common.writeUInt16LE(Buffer.byteLength(path), 22)
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE(0x81a40000, 6)
    rest.writeUInt32LE(offset, 10)
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x03', 'latin1'), common, rest, Buffer.from(path)]))
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, Buffer.from(path), packed])
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
