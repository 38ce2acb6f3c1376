import { resolve } from 'node:path'
import type { Destination } from '@mapseal/core'
import { checkOptions } from './check-options.ts'
import { createDestination } from './destination/destination.ts'
import { readEnvironment } from './environment.ts'
import { createLogger } from './logger.ts'
import type { Options } from './options.ts'
import { partsOf } from './plan.ts'
import { setOptions } from './set-options.ts'

export type * from './options.ts'

/**
 * What the plugins deliver to, for `mapseal flush`: uploads that failed are finished with the same options.
 *
 * @param root the bundler's, where it is not the working folder: paths of builds are relative to that
 * @example
 * ```ts
 * // mapseal.config.ts
 * export default { destinations: [sentryDestination(options)] }
 * ```
 * @throws MapsealError for an option that is unknown, contradictory or cannot be honoured
 */
export function sentryDestination(given: Options = {}, root: string = process.cwd()): Destination {
  const options = setOptions(given)
  checkOptions(options)
  const cwd = process.cwd()
  const place = { root: resolve(cwd, root), cwd }
  const env = readEnvironment(place.cwd)
  const { uploads } = partsOf(options, env, place)
  // What is missing is reported by the command.
  const surroundings = { env, place, logger: createLogger(options), uploads, access: undefined }
  const { takeFailure, ...destination } = createDestination(options, surroundings)
  return destination
}
