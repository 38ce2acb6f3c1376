import type { Server } from 'node:http'
import type { Metrics } from './metrics.ts'
import { addressKey } from './rate-limit.ts'

export interface ConnectionLimits {
  /** Maximum number over all addresses. */
  connections: number
  connectionsPerAddress: number
}

/**
 * Bounds the open connections, so that one address cannot take all of them. Those of a trusted proxy are many clients', which
 * it has to bound.
 */
export function limitConnections(
  server: Server,
  { connections: most, connectionsPerAddress }: ConnectionLimits,
  isProxy: (address: string) => boolean,
  metrics: Metrics,
): void {
  const byAddress = new Map<string, number>()
  let open = 0
  const refuse = () => metrics.count('mapseal_connections_refused_total', 'Connections beyond the limits.')
  server.maxConnections = most
  server.on('drop', refuse)

  server.on('connection', socket => {
    const address = socket.remoteAddress ?? ''
    const key = addressKey(address)
    const count = (byAddress.get(key) ?? 0) + 1
    if (count > connectionsPerAddress && !isProxy(address)) {
      refuse()
      socket.destroy()
      return
    }
    byAddress.set(key, count)
    open++
    socket.once('close', () => {
      open--
      const left = (byAddress.get(key) ?? 0) - 1
      if (left > 0) byAddress.set(key, left)
      else byAddress.delete(key)
    })
  })
  metrics.gauge('mapseal_connections', 'Open connections.', () => open)
}
