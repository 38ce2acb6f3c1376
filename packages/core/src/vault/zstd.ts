import { promisify } from 'node:util'
import * as zlib from 'node:zlib'
import type { Bytes } from '../types.ts'

/** The types that the packages are built with are Node 20's, which has no zstd. */
interface Zstd {
  zstdCompressSync(bytes: Bytes, options: object): Buffer
  zstdCompress(bytes: Bytes, options: object, done: (cause: Error | null, result: Buffer) => void): void
  zstdDecompressSync(bytes: Bytes, options: object): Buffer
  zstdDecompress(bytes: Bytes, options: object, done: (cause: Error | null, result: Buffer) => void): void
  constants: { ZSTD_c_compressionLevel: number }
}

/** From Node 22.15 on. */
const own = 'zstdCompressSync' in zlib ? (zlib as unknown as Zstd) : undefined

export const hasZstd: boolean = own !== undefined

/** Whether a member of a pack is a zstd frame, by its magic number (RFC 8878). */
export function isZstd(member: Bytes): boolean {
  return member.length > 4 && new DataView(member.buffer, member.byteOffset).getUint32(0, true) === 0xfd2fb528
}

/**
 * Packs bytes as one zstd frame that holds its size.
 *
 * @param isApart for a server, which has others to answer meanwhile
 * @throws before Node 22.15; see {@link hasZstd}
 */
export async function zstdMember(bytes: Bytes, isApart = false): Promise<Buffer> {
  if (!own) throw new Error(`Node ${process.version} cannot compress by zstd.`)
  const options = {
    // What other levels cost is more than they save (measured).
    params: { [own.constants.ZSTD_c_compressionLevel]: 1 },
    pledgedSrcSize: bytes.length,
    // What text shrinks to, so that the result is one buffer and need not be joined.
    chunkSize: Math.max(1024, bytes.length >> 1),
  }
  return isApart ? promisify(own.zstdCompress)(bytes, options) : own.zstdCompressSync(bytes, options)
}

/** Unpacks a zstd frame. @throws if there are more bytes than `size` */
export type Unzstd = (member: Bytes, size: number) => Buffer

/** Where Node has no zstd, a decoder in JavaScript, which is loaded only now. */
export async function loadUnzstd(): Promise<Unzstd> {
  if (own) return (member, size) => own.zstdDecompressSync(member, boundTo(size))
  const { decompress } = await import('./unzstd.ts')
  return (member, size) => {
    const { buffer, byteOffset, length } = decompress(member, new Uint8Array(size))
    return Buffer.from(buffer, byteOffset, length)
  }
}

/** The same in another thread, where Node has zstd. */
export async function unzstdApart(member: Bytes, size: number): Promise<Buffer> {
  return own ? promisify(own.zstdDecompress)(member, boundTo(size)) : (await loadUnzstd())(member, size)
}

/** @returns the size that is known, so that nothing larger is unpacked */
export function boundTo(size: number): { maxOutputLength: number } {
  return { maxOutputLength: Math.max(size, 1) }
}
