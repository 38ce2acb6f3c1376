import { randomUUID } from 'node:crypto'
import type { Bytes, StreamedBody } from '@mapseal/core'

/** A field of a form, or a file in it. */
export type Part<Content = Bytes> =
  | { name: string; value: string }
  | { name: string; filename: string; type?: string; bytes: Content }

/** The bytes of a form as `multipart/form-data` (RFC 7578), without a copy of its files, which may be in pieces; and the header for it. */
export function multipart(parts: Part<Bytes | Bytes[]>[]): {
  headers: Record<string, string>
  body: StreamedBody
} {
  const { headers, pieces: contents } = formOf(parts)
  const pieces = contents.flat()
  return { headers, body: { size: pieces.reduce((sum, { length }) => sum + length, 0), pieces: () => pieces } }
}

/** The same, with the content of its files in any shape. */
export function formOf<Content>(parts: Part<Content>[]): {
  headers: Record<string, string>
  pieces: (Bytes | Content)[]
} {
  const boundary = `mapseal-${randomUUID()}`
  return {
    headers: { 'Content-Type': `multipart/form-data; boundary=${boundary}` },
    pieces: [...parts.flatMap(part => piecesOf(part, boundary)), Buffer.from(`--${boundary}--\r\n`)],
  }
}

function piecesOf<Content>(part: Part<Content>, boundary: string): (Bytes | Content)[] {
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(part.name)}"`
  if ('value' in part) return [Buffer.from(`${head}\r\n\r\n${part.value}\r\n`)]
  const { filename, type = 'application/octet-stream', bytes } = part
  return [
    Buffer.from(`${head}; filename="${quoted(filename)}"\r\nContent-Type: ${type}\r\n\r\n`),
    bytes,
    Buffer.from('\r\n'),
  ]
}

/** As browsers escape it. */
function quoted(text: string): string {
  return text.replace(/["\r\n]/g, char => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)
}
