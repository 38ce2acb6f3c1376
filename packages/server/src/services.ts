import { createVault, type Store, type Vault } from '@mapseal/core'
import { type BuildIndex, createBuildIndex } from './builds/index.ts'
import { createEvents } from './events/intake.ts'
import { createClientKeys } from './events/keys.ts'
import { createPageGuard } from './events/page-origin.ts'
import { eventRoutes } from './events/routes.ts'
import type { Metrics } from './http/metrics.ts'
import { publicName } from './http/origin.ts'
import type { Route } from './http/route.ts'
import { operationRoutes } from './http/routes.ts'
import { mapRoutes } from './maps/routes.ts'
import type { ResolvedServerOptions } from './options.ts'
import { createBuildList } from './page/build-list.ts'
import { pageRoutes } from './page/routes.ts'
import { sourceRoutes } from './page/sources.ts'
import { createReadiness } from './store/ready.ts'
import { symbolicateRoutes } from './symbolicate/routes.ts'
import { createSymbolicator } from './symbolicate/symbolicator.ts'
import { createUpkeep } from './upkeep.ts'
import { uploadRoutes } from './uploads/routes.ts'
import { createUploads } from './uploads/uploads.ts'

/** Everything behind the routes of one server. */
export interface Services {
  routes: Route[]
  /** Waits for the work in progress, and ends the threads. */
  close(): Promise<void>
}

export function createServices(store: Store, options: ResolvedServerOptions, metrics: Metrics): Services {
  const { log, limits } = options
  const builds = createBuildIndex(store)
  // Read before the first request needs it. If the store fails, that request fails.
  builds.list().catch(() => {})
  const vault = openVault(store, builds)
  const symbolicator = createSymbolicator(builds, vault)
  const uploads = createUploads({ store, vault, builds, options, metrics })
  const { events: retention } = options
  const events = createEvents({ store, builds, symbolicator, log, metrics, retention, rates: limits })
  const keys = createClientKeys(store, options.org)
  const refuseOtherPages = createPageGuard(options.allowedOrigins, publicName(options) === undefined)
  const upkeep = createUpkeep({ uploads: uploads.prune, events: events.prune }, log)
  metrics.gauge('mapseal_spilled_bytes', 'Bytes of uploads in temporary files.', uploads.disk.used)

  return {
    routes: [
      ...operationRoutes(metrics, createReadiness(store)),
      ...uploadRoutes({ ...uploads, store, vault, options, metrics, keys }),
      ...eventRoutes({ events, symbolicator, projects: { ...options, keys }, refuseOtherPages }),
      ...pageRoutes({
        builds,
        list: createBuildList(store, vault, builds),
        releases: uploads.releases,
        events,
        symbolicator,
        options,
        keys,
      }),
      ...sourceRoutes(builds, vault),
      ...symbolicateRoutes(symbolicator),
      ...mapRoutes({ builds, vault, origins: options.mapOrigins }),
    ],
    async close() {
      await upkeep.close()
      await uploads.close()
      await symbolicator.close()
    },
  }
}

function openVault(store: Store, builds: BuildIndex): Vault {
  const vault = createVault(store)
  // Looking for it in the store is most of the time of an upload.
  const newest = async () => {
    for await (const build of builds.records()) return build
    return undefined
  }
  return { ...vault, newPack: () => vault.newPack({ isApart: true, newest }) }
}
