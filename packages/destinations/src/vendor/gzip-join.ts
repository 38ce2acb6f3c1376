import { crc32 } from 'node:zlib'
import type { Bytes } from '@mapseal/core'

/** Bytes, or what they are packed to: a gzip member as the vault has it. */
export type GzipPart = Bytes | { gzip: Bytes }

/** What deflate writes where it starts afresh, and a last block of nothing (RFC 1951). */
const ending = Buffer.from([0, 0, 0xff, 0xff, 3, 0])
const header = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 3])
/** Longest uncompressed block, in bytes. */
const longestBlock = 0xffff

/**
 * All parts in one gzip member (RFC 1952), without unpacking those that are packed and without packing the others, which are to be
 * short. Undefined if a member does not end at a byte of its own, as those of an older vault.
 */
export function joinGzip(parts: GzipPart[]): Buffer | undefined {
  const pieces: Bytes[] = [header]
  let checksum = 0
  let size = 0
  for (const part of parts) {
    const packed = 'gzip' in part ? openMember(part.gzip) : storedBlocks(part)
    if (!packed) return undefined
    pieces.push(...packed.pieces)
    checksum = combinedCrc32(checksum, packed.checksum, packed.size)
    size += packed.size
  }
  const trailer = Buffer.from([3, 0, 0, 0, 0, 0, 0, 0, 0, 0])
  trailer.writeUInt32LE(checksum, 2)
  trailer.writeUInt32LE(size % 2 ** 32, 6)
  return Buffer.concat([...pieces, trailer])
}

interface Packed {
  /** Deflated; more may follow. */
  pieces: Bytes[]
  /** CRC-32, before packing. */
  checksum: number
  /** In bytes, before packing. */
  size: number
}

/** A gzip member is ten bytes, the deflated bytes as a ZIP has them, and CRC-32 and size in four bytes each (RFC 1952). */
export function readMember(member: Bytes): { deflated: Buffer; crc32: number; size: number } {
  const bytes = Buffer.from(member.buffer, member.byteOffset, member.length)
  const end = bytes.length - 8
  return {
    deflated: bytes.subarray(header.length, end),
    crc32: bytes.readUInt32LE(end),
    size: bytes.readUInt32LE(end + 4),
  }
}

function openMember(member: Bytes): Packed | undefined {
  const { deflated, crc32, size } = readMember(member)
  const isOpen = member[3] === 0 && deflated.subarray(-ending.length).equals(ending)
  return isOpen ? { pieces: [deflated.subarray(0, -2)], checksum: crc32, size } : undefined
}

function storedBlocks(bytes: Bytes): Packed {
  const pieces: Bytes[] = []
  for (let at = 0; at < bytes.length; at += longestBlock) {
    const block = bytes.subarray(at, at + longestBlock)
    const head = Buffer.alloc(5)
    head.writeUInt16LE(block.length, 1)
    head.writeUInt16LE(block.length ^ 0xffff, 3)
    pieces.push(head, block)
  }
  return { pieces, checksum: crc32(bytes), size: bytes.length }
}

const polynomial = 0xedb88320
/** x to the power of 2^n, modulo the polynomial of CRC-32. */
const powers = [0x40000000]
for (let n = 1; n < 32; n++) powers.push(product(powers[n - 1] as number, powers[n - 1] as number))

/** Multiplies two polynomials modulo that of CRC-32. The lowest bit is the highest coefficient. */
function product(a: number, b: number): number {
  let sum = 0
  let factor = b
  for (let bit = 2 ** 31; bit >= 1; bit /= 2) {
    if (a & bit) sum ^= factor
    factor = factor & 1 ? (factor >>> 1) ^ polynomial : factor >>> 1
  }
  return sum >>> 0
}

/** The CRC-32 of two texts together, by those of each; as zlib's `crc32_combine`. @param size of the second, in bytes */
function combinedCrc32(first: number, second: number, size: number): number {
  let shift = 2 ** 31
  for (let bits = size, n = 3; bits > 0; bits = Math.floor(bits / 2), n++)
    if (bits % 2 === 1) shift = product(powers[n % 32] as number, shift)
  return (product(shift, first) ^ second) >>> 0
}
