import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'

/** A request as a vendor's server reads it. */
export interface Recorded {
  method: string
  /** With the query. */
  path: string
  headers: IncomingMessage['headers']
  /** Decoded by `Content-Encoding`. */
  body: Buffer
  /** The parts of a form, in their order; empty for other bodies. */
  parts: Part[]
}

interface Part {
  name: string
  filename?: string
  type?: string
  bytes: Buffer
}

export interface Recorder {
  origin: string
  /** Those that were answered well. */
  requests: Recorded[]
  close(): Promise<void>
}

/** The body of the answer as JSON; undefined for an empty one. */
export type Answer = (request: Recorded, origin: string) => unknown

/** A server on loopback that takes everything. */
export async function startRecorder(answer: Answer = () => ({})): Promise<Recorder> {
  const requests: Recorded[] = []
  let origin = ''
  async function take(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await read(incoming)
    requests.push(request)
    const json = JSON.stringify(answer(request, origin))
    response.writeHead(200, { 'content-type': 'application/json' }).end(json)
  }
  const server = createServer((incoming, response) => void take(incoming, response).catch(() => response.destroy()))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    origin,
    requests,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function read(incoming: IncomingMessage): Promise<Recorded> {
  const { method = '', url = '', headers } = incoming
  const sent = await buffer(incoming)
  const body = headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent
  const boundary = /^multipart\/form-data; ?boundary="?([^";]+)/.exec(headers['content-type'] ?? '')?.[1]
  return { method, path: url, headers, body, parts: boundary ? partsOf(body, boundary) : [] }
}

function partsOf(body: Buffer, boundary: string): Part[] {
  const parts: Part[] = []
  const delimiter = Buffer.from(`--${boundary}`)
  for (let at = body.indexOf(delimiter); ; ) {
    const next = body.indexOf(delimiter, at + delimiter.length)
    if (next === -1) return parts
    const start = at + delimiter.length + 2
    const end = body.indexOf('\r\n\r\n', start)
    const head = body.toString('utf8', start, end)
    const field = (pattern: RegExp) => pattern.exec(head)?.[1]
    const filename = field(/; filename="([^"]*)"/i)
    const type = field(/^content-type: *(.*)$/im)
    parts.push({
      name: field(/; name="([^"]*)"/i) ?? '',
      ...(filename !== undefined && { filename }),
      ...(type !== undefined && { type }),
      bytes: body.subarray(end + 4, next - 2),
    })
    at = next
  }
}

/** The value of a form's field or file, by its name. */
export function partOf({ parts }: Recorded, name: string): Buffer | undefined {
  return parts.find(part => part.name === name)?.bytes
}
