import { MapsealError, openStore, type Store, shellWord, shownLocation } from '@mapseal/core'
import { dsnOf } from './events/dsn.ts'
import { createClientKeys } from './events/keys.ts'
import { createDispatcher } from './http/dispatch.ts'
import { listen } from './http/listen.ts'
import { createMetrics } from './http/metrics.ts'
import { publicName } from './http/origin.ts'
import { type ResolvedServerOptions, resolveServerOptions, type ServerOptions } from './options.ts'
import { createServices } from './services.ts'
import { watchStore } from './store/failure.ts'
import { probeStore } from './store/probe.ts'
import { createGate } from './tokens/gate.ts'
import { hasTokens } from './tokens/tokens.ts'

export interface RunningServer {
  /** The server's URL for clients, without a slash at the end. */
  url: string
  /** The folder or the URL, for messages. */
  vault: string
  org: string
  projects: { slug: string; dsn: string }[]
  needsTokens: boolean
  /** Lets requests in progress finish first, for up to `timeouts.close`. */
  close(): Promise<void>
}

/** The vault over HTTP; listens when it resolves. @throws MapsealError */
export async function createServer(options: ServerOptions = {}): Promise<RunningServer> {
  const resolved = resolveServerOptions(options)
  const { adminToken, host, limits, org, projects, log } = resolved
  const bare = openStore(resolved.vault, resolved.root)
  const metrics = createMetrics()
  const store = watchStore(bare, operation =>
    metrics.count('mapseal_store_failures_total', 'What the store of the vault failed at.', { operation }),
  )
  await checkTokens(resolved, bare)
  await probeStore(bare)
  const { newest } = createClientKeys(bare, org)
  const keys = await Promise.all(projects.map(async slug => ({ slug, key: await newest(slug) })))
  const mayBeOpen = adminToken === undefined && publicName(resolved) === undefined
  const gate = createGate({ store, mayBeOpen, adminToken, failures: limits.failures })
  const needsTokens = !(await gate.isOpen())
  const services = createServices(store, resolved, metrics)
  metrics.gauge('process_resident_memory_bytes', 'Memory of the process.', () => process.memoryUsage.rss())
  const dispatcher = createDispatcher(services.routes, { gate, options: resolved, log, metrics })
  const listener = await listen(dispatcher, resolved, metrics).catch(async cause => {
    await services.close()
    throw cause
  })
  const url = resolved.url ?? `http://${host.includes(':') ? `[${host}]` : host}:${listener.port}`
  log.info('listening', { url, vault: store.location })

  return {
    url,
    vault: store.location,
    org,
    projects: keys.map(({ slug, key }) => ({ slug, dsn: dsnOf(url, org, slug, key) })),
    needsTokens,
    async close() {
      log.info('closing')
      await listener.close()
      await services.close()
      log.info('closed')
    },
  }
}

/** @throws MapsealError if other machines can connect and no token protects the server */
async function checkTokens(options: ResolvedServerOptions, store: Store): Promise<void> {
  const { adminToken, vault } = options
  const name = publicName(options)
  if (adminToken !== undefined || name === undefined || (await hasTokens(store))) return
  const where = vault === undefined ? '' : ` --vault ${shellWord(shownLocation(store.location, process.cwd()))}`
  throw new MapsealError(
    'server',
    `Other machines can connect to ${name}, and there are no tokens. Set MAPSEAL_SERVER_TOKEN, or run "mapseal serve token create --access write${where}".`,
  )
}
