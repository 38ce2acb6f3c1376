import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { toNodeHandler } from 'srvx/node'
import server from './dist/server/server.js'

const handler = toNodeHandler(server.fetch)
createServer(async (request, response) => {
  const file = request.url.startsWith('/assets/') && (await readFile(`dist/client${request.url}`).catch(() => undefined))
  if (!file) return handler(request, response)
  response.setHeader('content-type', request.url.endsWith('.js') ? 'text/javascript' : 'text/css')
  response.end(file)
}).listen(process.env.PORT, '127.0.0.1')
