import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import { posix } from 'node:path'
import { type Artifact, type Bytes, type DeliveryContext, gzipMember } from '@mapseal/core'
import { readMember } from '../../vendor/gzip-join.ts'
import { pieceEnds } from './cut.ts'
import type { Spill } from './spill.ts'
import { fileUrl } from './url.ts'

/** A file of the bundle; its bytes are in the spill, deflated. */
export interface BundleFile {
  url: string
  type: 'minified_source' | 'source_map'
  /** The headers in the manifest, keys in byte order. */
  headers: Record<string, string>
  /** Where its bytes start in the spill. */
  sha1: string
  /** The checksum of the uncompressed bytes, whose number is `size`. */
  crc32: number
  size: number
  /** In the spill. */
  offset: number
  packedSize: number
  /** In its packed bytes; see {@link pieceEnds}. */
  ends: number[]
}

export interface Collected {
  files: BundleFile[]
  /** How many artifacts they come from. */
  artifacts: number
}

/** Reads all artifacts once, one at a time, into the spill. In the URL's order afterwards, since bundlers promise none. */
export async function collectFiles(
  artifacts: AsyncIterable<Artifact>,
  spill: Spill,
  urlPrefix: string,
  { signal, logger }: DeliveryContext,
): Promise<Collected> {
  const files = new Map<string, BundleFile>()
  let count = 0

  function add(path: string, entry: Entry, type: BundleFile['type'], headers: Record<string, string>) {
    const { bytes, ...traits } = entry
    const url = fileUrl(path, urlPrefix)
    const sha1 = createHash('sha1').update(bytes).digest('hex')
    const key = `${url}\0${type}\0${sha1}`
    if (files.has(key)) return
    const offset = spill.append(bytes)
    files.set(key, { url, type, headers, sha1, offset, packedSize: bytes.length, ends: pieceEnds(bytes), ...traits })
  }

  for await (const artifact of artifacts) {
    signal.throwIfAborted()
    const { path, debugId } = artifact
    const entries = await entriesOf(artifact)
    if (!entries) {
      logger.warn(`[sentry] ${path} is not UTF-8, which Sentry cannot read: it is left out. Set the bundler's charset.`)
      continue
    }
    const id = { 'debug-id': debugId }
    const { code, map } = entries
    add(path, code, 'minified_source', map ? { ...id, sourcemap: `${posix.basename(path)}.map` } : id)
    if (map) add(`${path}.map`, map, 'source_map', id)
    count += 1
  }
  const sorted = [...files].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  return { files: sorted.map(([, file]) => file), artifacts: count }
}

type Entry = Pick<BundleFile, 'crc32' | 'size'> & { bytes: Bytes }

/** Undefined for what is not UTF-8. A vault's artifact is packed already, and checked; it is unpacked only when needed. */
async function entriesOf(artifact: Artifact): Promise<{ code: Entry; map?: Entry } | undefined> {
  const { gzip } = artifact
  if (gzip) return { code: deflated(gzip.code), ...(gzip.map && { map: deflated(gzip.map) }) }
  const { code, map } = artifact
  if (!isUtf8(code) || (map && !isUtf8(map))) return undefined
  return { code: deflated(await gzipMember(code)), ...(map && { map: deflated(await gzipMember(map)) }) }
}

function deflated(member: Bytes): Entry {
  const { deflated: bytes, crc32, size } = readMember(member)
  return { bytes, crc32, size }
}
