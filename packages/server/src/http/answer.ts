import type { Readable } from 'node:stream'

export interface Answer {
  status: number
  /** In addition to those of every answer, which they override. */
  headers?: Record<string, string>
  body?: string | Uint8Array | Readable
}

/** Clients compare the media type exactly, so it has no charset. */
export function json(value: unknown, status = 200, headers: Record<string, string> = {}): Answer {
  return { status, headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(value) }
}

export function text(body: string, status = 200, contentType = 'text/plain; charset=utf-8'): Answer {
  return { status, headers: { 'Content-Type': contentType }, body }
}
