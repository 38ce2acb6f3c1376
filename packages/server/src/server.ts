import { createVault, MapsealError, openStore, type Store, shellWord, shownLocation, type Vault } from '@mapseal/core'
import { createBuildIndex } from './builds/index.ts'
import type { ServerContext } from './context.ts'
import { dsnOf } from './events/dsn.ts'
import { createEvents } from './events/intake.ts'
import { routes as eventRoutes } from './events/routes.ts'
import { createDispatcher } from './http/dispatch.ts'
import { listen } from './http/listen.ts'
import { createMetrics } from './http/metrics.ts'
import type { Route } from './http/route.ts'
import { routes as ownRoutes } from './http/routes.ts'
import { type ResolvedServerOptions, resolveServerOptions, type ServerOptions } from './options.ts'
import { routes as pageRoutes } from './page/routes.ts'
import { watchStore } from './store/failure.ts'
import { probeStore } from './store/probe.ts'
import { routes as symbolicateRoutes } from './symbolicate/routes.ts'
import { createSymbolicator } from './symbolicate/symbolicator.ts'
import { createGate } from './tokens/gate.ts'
import { hasTokens } from './tokens/tokens.ts'
import { createUpkeep } from './upkeep.ts'
import { routes as uploadRoutes } from './uploads/routes.ts'
import { createUploads } from './uploads/uploads.ts'

export interface RunningServer {
  /** As clients reach it, without a slash at the end. */
  url: string
  /** For people: the folder or the URL. */
  vault: string
  org: string
  projects: { slug: string; dsn: string }[]
  needsTokens: boolean
  /** Requests under way are finished first, for as long as `timeouts.close` allows. */
  close(): Promise<void>
}

const routes: Route[] = [...ownRoutes, ...uploadRoutes, ...eventRoutes, ...pageRoutes, ...symbolicateRoutes]

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
  const mayBeOpen = adminToken === undefined && isLoopback(host)
  const gate = createGate({ store, mayBeOpen, adminToken, failures: limits.failures })
  const needsTokens = !(await gate.isOpen())
  const builds = createBuildIndex(store)
  const plain = createVault(store)
  // Among thousands of builds, listing them is most of the time of an upload.
  const newest = async () => (await builds.builds())[0]
  const vault: Vault = { ...plain, newPack: () => plain.newPack({ isApart: true, newest }) }
  const symbolicator = createSymbolicator(builds, vault)
  const context: ServerContext = {
    store,
    vault,
    builds,
    uploads: createUploads(store, vault, resolved),
    symbolicator,
    events: createEvents({
      store,
      builds,
      symbolicator,
      log,
      metrics,
      retention: resolved.events,
      rate: limits.events,
    }),
    options: resolved,
    log,
    metrics,
  }
  metrics.gauge('mapseal_spilled_bytes', 'Bytes of uploads in temporary files.', context.uploads.disk.used)
  metrics.gauge('process_resident_memory_bytes', 'Memory of the process.', () => process.memoryUsage.rss())
  const { uploads, events } = context
  const upkeep = createUpkeep({ uploads: uploads.prune, events: events.prune }, log)
  const end = async () => {
    await upkeep.close()
    await uploads.close()
    await symbolicator.close()
  }
  const listener = await listen(createDispatcher(routes, gate, context), context).catch(async cause => {
    await end()
    throw cause
  })
  const url = resolved.url ?? `http://${host.includes(':') ? `[${host}]` : host}:${listener.port}`
  log.info('listening', { url, vault: vault.location })

  return {
    url,
    vault: vault.location,
    org,
    projects: projects.map(slug => ({ slug, dsn: dsnOf(url, org, slug) })),
    needsTokens,
    async close() {
      log.info('closing')
      await listener.close()
      await end()
      log.info('closed')
    },
  }
}

/** Tokens are asked for as soon as there is one, and must be there where others can connect. */
async function checkTokens(options: ResolvedServerOptions, store: Store): Promise<void> {
  const { adminToken, host, vault } = options
  if (adminToken !== undefined || isLoopback(host) || (await hasTokens(store))) return
  const where = vault === undefined ? '' : ` --vault ${shellWord(shownLocation(store.location, process.cwd()))}`
  throw new MapsealError(
    'server',
    `On ${host} others can connect, and there are no tokens. Set MAPSEAL_SERVER_TOKEN, or run "mapseal serve token create --access write${where}".`,
  )
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)
}
