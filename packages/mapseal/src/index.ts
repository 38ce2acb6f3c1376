export type {
  Artifact,
  BuildRecord,
  Bytes,
  Delivery,
  DeliveryContext,
  DeliveryReport,
  Destination,
  FileRecord,
  Logger,
  Options,
  Registry,
  Release,
  Report,
  Vault,
} from '@mapseal/core'
export { type Mapseal, mapseal } from './plugin.ts'

import type { Options } from '@mapseal/core'

/** Types a `mapseal.config.ts`, which takes the plugin's options. */
export function defineConfig(options: Options): Options {
  return options
}
