/** A bundler's text or bytes as a Buffer, without a copy where it is bytes. */
export function bytesOf(source: string | Uint8Array): Buffer {
  return typeof source === 'string'
    ? Buffer.from(source)
    : Buffer.from(source.buffer, source.byteOffset, source.byteLength)
}

export function textOf(source: string | Uint8Array): string {
  return typeof source === 'string' ? source : bytesOf(source).toString()
}
