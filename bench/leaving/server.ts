import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { createSentry } from '../server/sentry.ts'

// Takes everything; a process of its own, so that its work is not measured.
let sentry = createSentry(() => origin())
const server = createServer(async (request, response) => {
  const body = await buffer(request)
  const { method = '', url: path = '', headers } = request
  const isOfSentry = path.startsWith('/api/0/')
  // The first request of a delivery: it finds a server that has none of the chunks.
  if (method === 'GET' && path.endsWith('/chunk-upload/')) sentry = createSentry(() => origin())
  response.end(JSON.stringify(isOfSentry ? sentry.answer({ method, path, headers, body }) : answer(path, body)))
})
const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
server.listen(0, '127.0.0.1', () => console.log(origin()))

/** PostHog says where each file goes; the others are content with anything. */
function answer(path: string, body: Buffer): unknown {
  if (!path.endsWith('/bulk_start_upload')) return {}
  const { symbol_sets } = JSON.parse(body.toString()) as { symbol_sets: { chunk_id: string }[] }
  const url = `${origin()}/storage`
  const entries = symbol_sets.map(({ chunk_id: id }) => [id, { symbol_set_id: id, presigned_url: { url, fields: {} } }])
  return { id_map: Object.fromEntries(entries) }
}
