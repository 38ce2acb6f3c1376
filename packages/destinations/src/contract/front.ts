import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

export type Fault =
  | { status: number; headers?: Record<string, string>; body?: string }
  /** The connection is reset before any response. */
  | 'reset'
  /** The request is read and never answered. */
  | 'hang'

type Which = 'all' | 'first of each' | 'once'

/** Stands before a destination's server on loopback and passes everything on, until it is made to fail. */
export interface Front {
  /** Without a slash at its end. */
  origin: string
  /** `METHOD /path` in order of arrival. */
  requests: string[]
  /** Every request fails from now on, the first of each method and path, or the next one alone. */
  fail(fault: Fault, which: Which): void
  /** Called as a request arrives, before it is answered. */
  onRequest(listener: () => void): void
  close(): Promise<void>
}

export async function startFront(upstream: string): Promise<Front> {
  const requests: string[] = []
  const listeners: (() => void)[] = []
  let planned: { fault: Fault; which: Which; from: number } | undefined

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(incoming)
    const call = `${incoming.method} ${incoming.url}`
    requests.push(call)
    for (const listener of listeners) listener()
    if (planned && isHit(planned, call)) fail(planned.fault, incoming, response)
    else await passOn(upstream, incoming, body, response)
  }

  function isHit({ which, from }: NonNullable<typeof planned>, call: string): boolean {
    const last = requests.length - 1
    if (which === 'once') return last === from
    return which === 'all' || requests.indexOf(call, from) === last
  }

  const server = createServer((incoming, response) => void answer(incoming, response).catch(() => response.destroy()))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    fail(fault, which) {
      planned = { fault, which, from: requests.length }
    },
    onRequest: listener => void listeners.push(listener),
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function fail(fault: Fault, { socket }: IncomingMessage, response: ServerResponse): void {
  if (fault === 'reset') socket.resetAndDestroy()
  else if (fault !== 'hang') response.writeHead(fault.status, fault.headers).end(fault.body)
}

/** With the host's name as it came: it may be part of a signature. */
function passOn(upstream: string, { method, url, headers }: IncomingMessage, body: Buffer, response: ServerResponse) {
  return new Promise<void>((resolve, reject) => {
    request(`${upstream}${url}`, { method, headers, agent: false }, answer => {
      const { 'transfer-encoding': _, ...others } = answer.headers
      response.writeHead(answer.statusCode ?? 500, others)
      // Some stores send what is not HTTP after the headers of a response to HEAD.
      if (method === 'HEAD') resolve(void response.end())
      else buffer(answer).then(bytes => resolve(void response.end(bytes)), reject)
    })
      .on('error', reject)
      .end(body)
  })
}
