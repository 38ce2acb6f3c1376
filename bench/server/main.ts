import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { createPace } from './pace.ts'
import { createSentry } from './sentry.ts'
import { createTraffic } from './traffic.ts'
import type { Order, Received, Settings } from './types.ts'

/** A stand-in for Sentry and the other vendors, in a process of its own; controlled by the process that starts it. */

let settings: Settings = { latencyMs: 0 }
let pace = createPace(Number.POSITIVE_INFINITY)
let url = ''
const sentry = createSentry(() => url)
const traffic = createTraffic(sentry)

async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const end = traffic.begin()
  try {
    const received = await receive(incoming)
    traffic.record(received)
    await sleep(settings.latencyMs)
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer(received)))
  } finally {
    end()
  }
}

async function receive(incoming: IncomingMessage): Promise<Received> {
  const parts: Buffer[] = []
  for await (const part of incoming) {
    parts.push(part)
    await pace(part.length)
  }
  const { method = '', url: path = '', headers } = incoming
  return { method, path: path.replace(/\?.*/, ''), headers, body: Buffer.concat(parts) }
}

function answer(received: Received): unknown {
  return received.path.startsWith('/api/0/') ? sentry.answer(received) : {}
}

process.on('message', (order: Order) => {
  if (order.order === 'settings') {
    settings = order.settings
    pace = createPace(settings.bytesPerSecond ?? Number.POSITIVE_INFINITY)
  }
  if (order.order === 'clear') traffic.clear()
  process.send?.(order.order === 'traffic' ? traffic.report() : {})
})
process.on('disconnect', () => process.exit())

const server = createServer((incoming, response) => void handle(incoming, response).catch(() => response.destroy()))
server.listen(0, '127.0.0.1', () => {
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  process.send?.({ url })
})
