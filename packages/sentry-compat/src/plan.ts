import type { Options as MapsealOptions } from '@mapseal/core'
import { checkOptions } from './check-options.ts'
import { missingAccess } from './destination/access.ts'
import { type CompatDestination, createDestination, type DestinationParts } from './destination/destination.ts'
import { readEnvironment } from './environment.ts'
import { sdkFlags } from './flags/flags.ts'
import { type CompatLogger, createLogger } from './logger.ts'
import type { AnnotationOptions, Options } from './options.ts'
import { setOptions } from './set-options.ts'

/** Where a build takes place: known once the bundler has read its config. */
export interface Place {
  /** What paths in build records are relative to. */
  root: string
  cwd: string
}

/** What a plugin has to do, by Sentry's options. */
export interface Plan {
  mapseal: MapsealOptions
  /** Whether source maps, debug IDs and uploads are left alone. */
  isPlain: boolean
  destination: CompatDestination
  place: Place
  logger: CompatLogger
  /** Constants of the SDK and their values. */
  flags: Record<string, boolean>
  annotation: AnnotationOptions | undefined
  /** Says once what is missing for uploads: when a build starts, since a development server uploads nothing anyway. */
  announce(): void
}

/** Undefined where the plugin is switched off. @throws MapsealError as `checkOptions`, and for a file that cannot be read */
export function planOf(given?: Options): Plan | undefined {
  if (given?.disable) return undefined
  const options = setOptions(given)
  checkOptions(options)
  const { sourcemaps = {}, release = {}, reactComponentAnnotation: annotation } = options
  const place = { root: process.cwd(), cwd: process.cwd() }
  const env = readEnvironment(place.cwd)
  const logger = createLogger(options)
  const isPlain = sourcemaps.disable === true
  const isDevelopment = env.NODE_ENV === 'development'
  const { access, ...parts } = partsOf(options, env, place)
  let hasAnnounced = false
  if (sourcemaps.disable && sourcemaps.deleteSourcemapsAfterUpload)
    logger.warn('[mapseal] [sentry] Nothing is uploaded, so "deleteSourcemapsAfterUpload" takes nothing out.')

  const destination = createDestination(options, { env, place, logger, access, ...parts })
  return {
    isPlain,
    place,
    logger,
    destination,
    flags: sdkFlags(options.bundleSizeOptimizations),
    annotation: annotation?.enabled ? annotation : undefined,
    announce() {
      if (hasAnnounced || access === undefined || isDevelopment) return
      hasAnnounced = true
      const kept = isPlain ? '' : ', and source maps that are taken out of the output are kept in the vault'
      logger.important(`[mapseal] [sentry] ${access} Nothing is uploaded${kept}.`)
    },
    mapseal: {
      release: release.inject === false ? false : releaseOf(options, env),
      destinations: [destination],
      output: outputOf(options, { access, ...parts }),
      onError: error => {
        const failure = destination.takeFailure()
        if (!failure) logger.important(error.message)
        else if (options.errorHandler) handOver(failure, options.errorHandler, logger)
        else throw error
      },
      logger,
    },
  }
}

/** What is uploaded, and what is missing for that. */
export function partsOf(
  { sourcemaps = {}, ...options }: Options,
  env: NodeJS.ProcessEnv,
  { cwd }: Place,
): DestinationParts {
  const access = missingAccess(options, env, cwd)
  if (env.NODE_ENV === 'development') return { uploads: 'nothing', access }
  const isUploaded = !sourcemaps.disable && !(Array.isArray(sourcemaps.assets) && sourcemaps.assets.length === 0)
  return { uploads: isUploaded ? 'artifacts' : 'release', access }
}

function handOver(failure: Error, handler: (error: Error) => void, logger: CompatLogger): void {
  handler(failure)
  logger.important(
    '[mapseal] [sentry] Not delivered: the source maps are kept in the vault. Run `npx mapseal flush`, with sentryDestination() in mapseal.config.',
  )
}

/** The option, else a file's variable; the rest is Mapseal's own detection. */
function releaseOf({ release = {} }: Options, env: NodeJS.ProcessEnv): { name?: string; dist?: string } {
  const given = [release.name, env.MAPSEAL_RELEASE, env.SENTRY_RELEASE].find(name => name?.trim())
  return { ...(given && { name: given }), ...(release.dist && { dist: release.dist }) }
}

/**
 * Maps that the bundler's setting asks for stay, as they do with Sentry's plugins. Where nothing can be uploaded although files
 * are to be deleted after that, they would stay public: the vault takes them.
 */
function outputOf({ sourcemaps = {} }: Options, { uploads, access }: DestinationParts): MapsealOptions['output'] {
  const { disable, deleteSourcemapsAfterUpload: isDeleted, filesToDeleteAfterUpload: files } = sourcemaps
  if (disable) return 'configured'
  if (isDeleted !== undefined) return isDeleted ? 'sealed' : 'keep'
  return files !== undefined && (access !== undefined || uploads === 'nothing') ? 'sealed' : 'configured'
}
