import { promisify } from 'node:util'
import * as zlib from 'node:zlib'

/** How a compressed copy beside a file is read and made. */
export interface Compression {
  unpack(bytes: Buffer): Promise<Buffer>
  /** As small as the method can: no copy that a build made is smaller. */
  pack(bytes: Buffer): Promise<Buffer>
}

/** What servers look for beside a file. */
export const compressedEndings: string[] = ['.gz', '.br', '.zst']
export const compressedPattern: RegExp = /\.(?:gz|br|zst)$/i

/** By the ending of a name, in lower case; undefined for zstd before Node 22.15. */
export function compressionOf(path: string): Compression | undefined {
  const ending = compressedPattern.exec(path)?.[0].toLowerCase()
  if (ending === '.gz')
    return { unpack: promisify(zlib.gunzip), pack: bytes => promisify(zlib.gzip)(bytes, { level: 9 }) }
  if (ending === '.br') return { unpack: promisify(zlib.brotliDecompress), pack: packBrotli }
  return ending === '.zst' ? zstd() : undefined
}

function packBrotli(bytes: Buffer): Promise<Buffer> {
  const { BROTLI_PARAM_MODE, BROTLI_MODE_TEXT, BROTLI_PARAM_SIZE_HINT } = zlib.constants
  // The quality is the highest by default.
  const params = { [BROTLI_PARAM_MODE]: BROTLI_MODE_TEXT, [BROTLI_PARAM_SIZE_HINT]: bytes.length }
  return promisify(zlib.brotliCompress)(bytes, { params })
}

type Codec = (bytes: Buffer, options: object, done: (cause: Error | null, result: Buffer) => void) => void

function zstd(): Compression | undefined {
  const { zstdCompress, zstdDecompress, constants } = zlib as unknown as {
    zstdCompress?: Codec
    zstdDecompress?: Codec
    constants: { ZSTD_c_compressionLevel: number }
  }
  if (!zstdCompress || !zstdDecompress) return undefined
  const [pack, unpack] = [promisify(zstdCompress), promisify(zstdDecompress)]
  return {
    unpack: bytes => unpack(bytes, {}),
    pack: bytes => pack(bytes, { params: { [constants.ZSTD_c_compressionLevel]: 19 } }),
  }
}
