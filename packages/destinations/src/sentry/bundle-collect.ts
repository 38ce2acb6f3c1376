import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import { posix } from 'node:path'
import { promisify } from 'node:util'
import { crc32, deflateRaw } from 'node:zlib'
import type { Artifact, Bytes, DeliveryContext } from '@mapseal/core'
import type { Spill } from './bundle-spill.ts'
import { fileUrl } from './bundle-url.ts'

/** A file of the bundle; its bytes are in the spill. */
export interface BundleFile {
  url: string
  type: 'minified_source' | 'source_map'
  /** Of the manifest, keys in byte order. */
  headers: Record<string, string>
  /** Of the uncompressed bytes. */
  sha1: string
  crc32: number
  size: number
  /** In the spill. */
  offset: number
  /** Equal to `size`: stored; else deflated. */
  packedSize: number
}

export interface Collected {
  files: BundleFile[]
  /** How many artifacts they come from. */
  artifacts: number
}

const deflate = promisify(deflateRaw)

/**
 * Reads all artifacts once, one at a time, into the spill. In the URL's order afterwards, since bundlers promise none.
 * @param isDeflated the entries are compressed here; otherwise the chunks are, when they are sent
 */
export async function collectFiles(
  artifacts: AsyncIterable<Artifact>,
  spill: Spill,
  { urlPrefix, isDeflated }: { urlPrefix: string; isDeflated: boolean },
  { signal, logger }: DeliveryContext,
): Promise<Collected> {
  const files = new Map<string, BundleFile>()
  let count = 0

  async function add(path: string, bytes: Bytes, type: BundleFile['type'], headers: Record<string, string>) {
    const url = fileUrl(path, urlPrefix)
    const sha1 = createHash('sha1').update(bytes).digest('hex')
    const key = `${url}\0${type}\0${sha1}`
    if (files.has(key)) return
    const deflated = isDeflated ? await deflate(bytes) : bytes
    const packed = deflated.length < bytes.length ? deflated : bytes
    const offset = await spill.append(packed)
    const [size, packedSize] = [bytes.length, packed.length]
    files.set(key, { url, type, headers, sha1, crc32: crc32(bytes), size, offset, packedSize })
  }

  for await (const { path, debugId, code, map } of artifacts) {
    signal.throwIfAborted()
    if (!isUtf8(code) || (map && !isUtf8(map))) {
      logger.warn(`[sentry] ${path} is not UTF-8, which Sentry cannot read: it is left out. Set the bundler's charset.`)
      continue
    }
    const id = { 'debug-id': debugId }
    await add(path, code, 'minified_source', map ? { ...id, sourcemap: `${posix.basename(path)}.map` } : id)
    if (map) await add(`${path}.map`, map, 'source_map', id)
    count += 1
  }
  const sorted = [...files].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  return { files: sorted.map(([, file]) => file), artifacts: count }
}
