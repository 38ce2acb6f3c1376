import { inflateRawSync } from 'node:zlib'
import type { SentryServer } from '../../../test/support/sentry-server.ts'
import type { Uploaded } from './uploaded.ts'

/**
 * Assembles bundles of any client's, and reads them as leniently as Sentry does: the server of the tests checks that they are as
 * ours are.
 */
export function assembleAny(server: () => SentryServer): {
  uploaded: Uploaded[]
  assemble(json: unknown): { status: number; body: unknown }
} {
  const uploaded: Uploaded[] = []
  return {
    uploaded,
    assemble(json) {
      const { chunks } = json as { chunks: string[] }
      const missingChunks = chunks.filter(name => !server().chunks.has(name))
      if (missingChunks.length > 0) return { status: 200, body: { state: 'not_found', missingChunks } }
      const entries = readZip(Buffer.concat(chunks.map(name => server().chunks.get(name) ?? Buffer.alloc(0))))
      const { files } = JSON.parse(entries.get('manifest.json') ?? '{}') as {
        files: Record<string, { url: string; headers: Record<string, string> }>
      }
      for (const [name, { url, headers }] of Object.entries(files))
        uploaded.push({ url, debugId: headers['debug-id'] ?? '', text: entries.get(name) ?? '' })
      return { status: 200, body: { state: 'ok', missingChunks: [] } }
    },
  }
}

function readZip(bytes: Buffer): Map<string, string> {
  const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'))
  // In bundles with a header of their own, some clients count from behind it.
  const start = bytes.indexOf(Buffer.from('PK\x03\x04', 'latin1'))
  let at = bytes.readUInt32LE(end + 16)
  if (bytes.toString('latin1', at, at + 4) !== 'PK\x01\x02') at += start
  const entries = new Map<string, string>()
  for (let count = bytes.readUInt16LE(end + 10); count > 0; count--) {
    const [method, size] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20)]
    const [nameLength, extra, comment] = [28, 30, 32].map(field => bytes.readUInt16LE(at + field)) as [
      number,
      number,
      number,
    ]
    let offset = bytes.readUInt32LE(at + 42)
    if (bytes.toString('latin1', offset, offset + 4) !== 'PK\x03\x04') offset += start
    const body = offset + 30 + bytes.readUInt16LE(offset + 26) + bytes.readUInt16LE(offset + 28)
    const packed = bytes.subarray(body, body + size)
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength)
    entries.set(name, (method === 0 ? packed : inflateRawSync(packed)).toString())
    at += 46 + nameLength + extra + comment
  }
  return entries
}
