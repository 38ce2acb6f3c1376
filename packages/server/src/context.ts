import type { Store, Vault } from '@mapseal/core'
import type { BuildIndex } from './builds/index.ts'
import type { Events } from './events/intake.ts'
import type { Log } from './http/log.ts'
import type { Metrics } from './http/metrics.ts'
import type { ResolvedServerOptions } from './options.ts'
import type { Symbolicator } from './symbolicate/index.ts'
import type { Uploads } from './uploads/uploads.ts'

/** What every handler is given: one a server. */
export interface ServerContext {
  store: Store
  vault: Vault
  builds: BuildIndex
  uploads: Uploads
  symbolicator: Symbolicator
  events: Events
  options: ResolvedServerOptions
  log: Log
  metrics: Metrics
}
