import assert from 'node:assert/strict'
import { crc32, inflateRawSync } from 'node:zlib'

/** An artifact bundle as the strict readers take it. */
export interface Bundle {
  manifest: Manifest
  manifestText: string
  /** Contents by their names in the archive, manifest included; in the archive's order. */
  entries: Map<string, Buffer>
}

export interface Manifest {
  files: Record<string, { type: string; url: string; headers: Record<string, string> }>
  debug_id: string
  [attribute: string]: unknown
}

const types = ['source', 'minified_source', 'source_map', 'indexed_ram_bundle']
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** @throws what is wrong with it */
export function readBundle(bytes: Buffer, takesNames = false): Bundle {
  assert.equal(bytes.toString('latin1', 0, 4), 'SYSB', 'magic')
  assert.equal(bytes.readUInt32LE(4), 2, 'version')
  const entries = readZip(bytes)
  const manifestText = entries.get('manifest.json')?.toString('utf8')
  assert(manifestText, 'manifest.json')
  const manifest = JSON.parse(manifestText) as Manifest
  for (const [key, value] of Object.entries(manifest)) {
    if (key !== 'files') assert.equal(typeof value, 'string', `the attribute ${key}`)
  }
  assert.match(manifest.debug_id, uuid)
  assert.deepEqual(
    Object.keys(manifest.files).sort(),
    [...entries.keys()].filter(name => name !== 'manifest.json').sort(),
  )
  for (const [path, { type, url, headers = {}, ...rest }] of Object.entries(manifest.files)) {
    assert(types.includes(type), `type of ${path}`)
    assert(url, `url of ${path}`)
    assert.deepEqual(rest, {})
    if (!takesNames || headers['debug-id']) assert.match(headers['debug-id'] ?? '', uuid, `debug ID of ${path}`)
    for (const value of Object.values(headers)) assert.equal(typeof value, 'string')
  }
  return { manifest, manifestText, entries }
}

/** Offsets count from byte 0; no descriptors, no extra fields, one date. */
function readZip(bytes: Buffer): Map<string, Buffer> {
  const end = bytes.length - 22
  assert.equal(bytes.readUInt32LE(end), 0x06054b50, 'end of central directory')
  const count = bytes.readUInt16LE(end + 10)
  const directorySize = bytes.readUInt32LE(end + 12)
  let at = bytes.readUInt32LE(end + 16)
  assert.equal(at + directorySize, end, 'size of the central directory')
  const entries = new Map<string, Buffer>()
  let expected = 8
  for (let i = 0; i < count; i++) {
    assert.equal(bytes.readUInt32LE(at), 0x02014b50, 'central header')
    assert.equal(bytes.readUInt16LE(at + 4), 0x0314, 'made by')
    assert.equal(bytes.readUInt32LE(at + 38), 0x81a40000, 'attributes')
    const offset = bytes.readUInt32LE(at + 42)
    assert.equal(offset, expected, 'offset')
    const nameLength = bytes.readUInt16LE(at + 28)
    const name = bytes.toString('latin1', at + 46, at + 46 + nameLength)
    assert.equal(bytes.readUInt32LE(at + 30), 0, 'extra field and comment')
    const common = bytes.subarray(at + 6, at + 30)
    assert.deepEqual(bytes.subarray(offset + 4, offset + 28), common, `local header of ${name}`)
    assert.equal(bytes.readUInt32LE(offset), 0x04034b50, 'local header')
    assert.equal(bytes.toString('latin1', offset + 30, offset + 30 + nameLength), name)
    const [flags, method, time, date] = [2, 4, 6, 8].map(field => common.readUInt16LE(field))
    assert.deepEqual([flags, time, date], [0, 0, 0x21])
    const packed = bytes.subarray(offset + 30 + nameLength, offset + 30 + nameLength + common.readUInt32LE(14))
    const content = method === 0 ? packed : inflateRawSync(packed)
    assert.equal(content.length, common.readUInt32LE(18), 'size')
    assert.equal(crc32(content), common.readUInt32LE(10), 'crc')
    assert(!entries.has(name), `two entries ${name}`)
    entries.set(name, content)
    expected = offset + 30 + nameLength + packed.length
    at += 46 + nameLength
  }
  return entries
}
