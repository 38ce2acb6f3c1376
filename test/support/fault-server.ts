import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { freePort } from './ports.ts'

/** A request as it came; `body` is what had come when the answer was decided. */
export interface RecordedRequest {
  method: string
  /** Without the query. */
  path: string
  query: URLSearchParams
  headers: IncomingMessage['headers']
  body: Buffer
  /** When it came, in ms since the epoch. */
  at: number
  /** Counts connections: equal where one was kept alive. */
  connection: number
}

export interface Reply {
  /** @default 200 */
  status?: number
  headers?: Record<string, string>
  /** Anything but a string or bytes goes out as JSON. */
  body?: unknown
}

export type Handler = (request: RecordedRequest) => Reply | Promise<Reply>

/** Instead of the handler's reply. */
export type Fault =
  /** This reply; the commonest of them, `{ status: 503 }`. */
  | Reply
  /** Before any of the body is read. */
  | { fault: 'reset' }
  /** The headers and half of the body, then a reset. */
  | { fault: 'reset-in-answer' }
  /** Some of the body is read, then a reset. */
  | { fault: 'reset-in-request' }
  /** All is read, and nothing answered. */
  | { fault: 'hang' }
  /** Nothing is read, and nothing answered. */
  | { fault: 'hang-unread' }
  /** All is read, a piece at a time, and then the handler's reply. */
  | { fault: 'slow-reading'; everyMs?: number }
  /** The handler's reply, a byte at a time. */
  | { fault: 'slow'; everyMs?: number }
  /** 200, and half of a JSON text. */
  | { fault: 'truncated-json' }
  /** 200, and a page such as a proxy's. */
  | { fault: 'html' }
  /** 413 before the body is read, and the connection is closed, as nginx does. */
  | { fault: 'too-large' }

export interface FaultServer {
  /** Without a slash at its end; by its address, which is 127.0.0.1. */
  url: string
  port: number
  /** All requests, in the order in which they came. */
  requests: RecordedRequest[]
  /** Handles a method (`*` for any) and a path (a string, or a pattern for the whole path); the latest match wins. */
  on(method: string, path: string | RegExp, handler: Handler): void
  /** The next `times` requests of a route get the fault; those of one route queue up. @default 1 */
  fault(method: string, path: string | RegExp, fault: Fault, times?: number): void
  /** Forgets all faults. */
  heal(): void
  /** Connections are refused from now on, and those open are reset. */
  refuse(): Promise<void>
  /** Listens again, on the same port. */
  accept(): Promise<void>
  close(): Promise<void>
}

interface Route<Value> {
  method: string
  path: string | RegExp
  value: Value
}

/** A scriptable server on 127.0.0.1; answers 404 to requests without a handler. */
export async function faultServer(tls?: { key: string; cert: string }): Promise<FaultServer> {
  const requests: RecordedRequest[] = []
  const handlers: Route<Handler>[] = []
  const faults: Route<{ fault: Fault; left: number }>[] = []
  const sockets = new Map<Socket, number>()
  let connections = 0
  let server: Server
  const port = await freePort()

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1')
    const record: RecordedRequest = {
      method: request.method ?? '',
      path: pathname,
      query: searchParams,
      headers: request.headers,
      body: Buffer.alloc(0),
      at: Date.now(),
      connection: sockets.get(request.socket) ?? 0,
    }
    requests.push(record)
    const planned = faults.find(route => fits(route, record) && route.value.left > 0)
    if (planned) planned.value.left -= 1
    const fault = planned?.value.fault
    if (fault && (await isOver(fault, request, response))) return
    record.body = await buffer(
      fault && 'everyMs' in fault && fault.fault === 'slow-reading' ? dawdle(request, fault.everyMs) : request,
    )
    const handler = handlers.find(route => fits(route, record))?.value
    const reply =
      (fault && !('fault' in fault) ? fault : await handler?.(record)) ?? ({ status: 404, body: 'not found' } as Reply)
    await send(reply, fault, response)
  }

  async function listen(): Promise<void> {
    const listener = (request: IncomingMessage, response: ServerResponse) => {
      // A client that went away while we answered.
      answer(request, response).catch(() => response.destroy())
    }
    server = tls ? createSecureServer(tls, listener) : createServer(listener)
    server.on(tls ? 'secureConnection' : 'connection', (socket: Socket) => {
      sockets.set(socket, ++connections)
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket))
    })
    await new Promise<void>((done, fail) => server.once('error', fail).listen(port, '127.0.0.1', done))
  }

  async function stop(): Promise<void> {
    for (const socket of sockets.keys()) socket.destroy()
    server.closeAllConnections()
    if (server.listening) await new Promise(done => server.close(done))
  }

  await listen()
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    port,
    requests,
    on: (method, path, value) => void handlers.unshift({ method, path, value }),
    fault: (method, path, fault, times = 1) => void faults.push({ method, path, value: { fault, left: times } }),
    heal: () => void faults.splice(0),
    refuse: stop,
    accept: listen,
    close: stop,
  }
}

function fits({ method, path }: Route<unknown>, request: RecordedRequest): boolean {
  if (method !== '*' && method !== request.method) return false
  return typeof path === 'string' ? path === request.path : path.test(request.path)
}

/** Whether the fault was the whole answer. */
async function isOver(fault: Fault, request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  if (!('fault' in fault)) return false
  if (fault.fault === 'reset') request.socket.resetAndDestroy()
  else if (fault.fault === 'reset-in-request') request.once('data', () => request.socket.resetAndDestroy())
  else if (fault.fault === 'hang') request.resume()
  else if (fault.fault === 'too-large') {
    response.writeHead(413, { 'content-type': 'text/plain', connection: 'close' }).end('too large')
  } else return fault.fault === 'hang-unread'
  return true
}

async function send(reply: Reply, fault: Fault | undefined, response: ServerResponse): Promise<void> {
  const { status = 200, headers = {}, body = '' } = reply
  const isPlain = typeof body === 'string' || body instanceof Uint8Array
  const bytes = Buffer.from(isPlain ? body : JSON.stringify(body))
  const type = isPlain ? 'text/plain' : 'application/json'
  const begin = (length: number, contentType = type) =>
    response.writeHead(status, { 'content-type': contentType, 'content-length': length, ...headers })
  const name = fault && 'fault' in fault ? fault.fault : undefined
  const half = bytes.subarray(0, Math.ceil(bytes.length / 2))
  if (name === 'html') {
    const page =
      '<!DOCTYPE html><html><head><title>Access denied</title></head><body>Log in to the proxy.</body></html>'
    begin(page.length, 'text/html; charset=utf-8').end(page)
  } else if (name === 'truncated-json') begin(half.length, 'application/json').end(half)
  else if (name === 'reset-in-answer') {
    begin(bytes.length).write(half, () => response.socket?.resetAndDestroy())
  } else if (name === 'slow') await drip(begin(bytes.length), bytes, fault && 'everyMs' in fault ? fault.everyMs : 1000)
  else begin(bytes.length).end(bytes)
}

async function* dawdle(request: IncomingMessage, everyMs = 100): AsyncGenerator<Buffer> {
  for await (const piece of request) {
    await sleep(everyMs)
    yield piece as Buffer
  }
}

async function drip(response: ServerResponse, bytes: Buffer, everyMs = 1000): Promise<void> {
  for (const byte of bytes) {
    if (response.destroyed) return
    response.write(Buffer.of(byte))
    await sleep(everyMs)
  }
  response.end()
}

export interface PrivateCa {
  /** PEM, and the file that holds it. */
  ca: string
  caFile: string
  /** A server's, signed by it; by default for 127.0.0.1, 0.0.0.0 and localhost. */
  key: string
  cert: string
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * An authority that no machine knows, made with openssl, and a certificate that it signed.
 *
 * @param names of the server, as openssl writes them
 */
export async function privateCa(names = 'DNS:localhost,IP:127.0.0.1,IP:0.0.0.0'): Promise<PrivateCa> {
  const dir = await mkdtemp(join(tmpdir(), 'mapseal-ca-'))
  const openssl = (...args: string[]) => promisify(execFile)('openssl', args, { cwd: dir })
  const request = ['req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  await openssl(
    ...request,
    '-x509',
    '-subj',
    '/CN=Mapseal test CA',
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '2',
  )
  await openssl(...request, '-subj', '/CN=localhost', '-keyout', 'server.key', '-out', 'server.csr')
  await writeFile(join(dir, 'names'), `subjectAltName=${names}\n`)
  const signing = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'names', '-days', '2']
  await openssl('x509', '-req', '-in', 'server.csr', '-out', 'server.pem', ...signing)
  const read = (name: string) => readFile(join(dir, name), 'utf8')
  return {
    ca: await read('ca.pem'),
    caFile: join(dir, 'ca.pem'),
    key: await read('server.key'),
    cert: await read('server.pem'),
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true }),
  }
}
