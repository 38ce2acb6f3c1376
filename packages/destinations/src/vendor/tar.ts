import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Bytes } from '@mapseal/core'

const block = 512

/** A gzipped archive of one file (POSIX ustar), the same for the same bytes. @param name ASCII, at most 100 characters */
export function tarball(name: string, bytes: Bytes): Promise<Buffer> {
  const padding = Buffer.alloc((block - (bytes.length % block)) % block)
  return promisify(gzip)(Buffer.concat([header(name, bytes.length), bytes, padding, Buffer.alloc(2 * block)]))
}

function header(name: string, size: number): Buffer {
  const bytes = Buffer.alloc(block)
  const octal = (value: number, at: number, digits: number) => bytes.write(value.toString(8).padStart(digits, '0'), at)
  bytes.write(name, 0, 100, 'ascii')
  octal(0o644, 100, 7)
  octal(0, 108, 7)
  octal(0, 116, 7)
  octal(size, 124, 11)
  octal(0, 136, 11)
  bytes.write('        0', 148) // The checksum counts its own place as spaces; then the type, a plain file.
  bytes.write('ustar\x0000', 257)
  const sum = bytes.reduce((total, byte) => total + byte, 0)
  octal(sum, 148, 6)
  bytes.write('\0 ', 154)
  return bytes
}
