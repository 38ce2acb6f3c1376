import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, resolve, sep } from 'node:path'

const CONTENT_TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.cjs': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.wasm': 'application/wasm',
}

export interface ServeOptions {
  /** Sends `Content-Security-Policy: script-src 'self'`, so that no inline script runs. @default false */
  isStrict?: boolean
}

export interface StaticServer {
  /** Ends with a slash. */
  url: string
  close(): Promise<void>
}

/** Serves a folder's files on loopback, on a free port; a folder's URL gives its `index.html`. */
export async function serve(folder: string, { isStrict = false }: ServeOptions = {}): Promise<StaticServer> {
  const root = resolve(folder)
  const server = createServer(async (request, response) => {
    if (isStrict) response.setHeader('content-security-policy', "script-src 'self'")
    const path = fileOf(root, request.url ?? '/')
    const body = path && (await readFile(path).catch(() => undefined))
    // Browsers request it by themselves; a 404 would be a console error that no page caused.
    if (!body && request.url === '/favicon.ico') return response.writeHead(204).end()
    if (!path || !body) return response.writeHead(404, { 'content-type': 'text/plain' }).end('not found\n')
    response.writeHead(200, { 'content-type': CONTENT_TYPES[extname(path)] ?? 'application/octet-stream' }).end(body)
  })
  await new Promise<void>((done, fail) => server.once('error', fail).listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise((done, fail) => {
        server.close(error => (error ? fail(error) : done()))
        server.closeAllConnections()
      }),
  }
}

/** Undefined for what is not below `root` or is not a URL. */
function fileOf(root: string, url: string): string | undefined {
  try {
    const path = decodeURIComponent(new URL(url, 'http://127.0.0.1').pathname)
    const file = join(root, path.endsWith('/') ? `${path}index.html` : path)
    return file.startsWith(root + sep) ? file : undefined
  } catch {
    return undefined
  }
}
