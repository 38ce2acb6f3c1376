import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { MapsealError, reason } from '@mapseal/core'
import type { ResolvedServerOptions } from '../options.ts'
import { createClientAddress } from './client-address.ts'
import { limitConnections } from './connections.ts'
import type { Dispatcher } from './dispatch.ts'
import type { Metrics } from './metrics.ts'

export interface Listener {
  port: number
  /** Takes no more connections, lets requests in progress finish for up to `timeouts.close`, then ends them. */
  close(): Promise<void>
}

/** @throws MapsealError if the port is taken or the address is not this machine's */
export async function listen(
  dispatcher: Dispatcher,
  options: Pick<ResolvedServerOptions, 'host' | 'port' | 'timeouts' | 'limits' | 'trustedProxies'>,
  metrics: Metrics,
): Promise<Listener> {
  const { host, port, timeouts, limits, trustedProxies } = options
  const settings = {
    headersTimeout: Math.min(timeouts.headers, timeouts.request),
    requestTimeout: timeouts.request,
    keepAliveTimeout: timeouts.idle,
    connectionsCheckingInterval: Math.min(1000, timeouts.headers),
  }
  const server = createServer(settings, (incoming, response) => void dispatcher.dispatch(incoming, response))
  server.timeout = timeouts.idle
  limitConnections(server, limits, createClientAddress(trustedProxies).isTrusted, metrics)

  server.listen(port, host)
  await once(server, 'listening').catch(cause => {
    throw new MapsealError('server', `Cannot listen on ${host}:${port}: ${reason(cause)}. Choose another --port.`, {
      cause,
    })
  })

  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, 'close')
      dispatcher.wind()
      server.close()
      const timer = new AbortController()
      const isLate = await Promise.race([
        closed.then(() => false),
        sleep(timeouts.close, true, { signal: timer.signal }).catch(() => false),
      ])
      timer.abort()
      if (!isLate) return
      server.closeAllConnections()
      await closed
    },
  }
}
