import { type Destination, didYouMean, MapsealError } from '@mapseal/core'
import { resolveConfig, type SentryAccess } from './sentry/config.ts'
import { uploadArtifacts } from './sentry/upload.ts'

export interface SentryOptions extends SentryAccess {
  /**
   * What stands before each path in the URLs that Sentry keeps; `~` is any scheme and host. Debug IDs need no URLs.
   * @default '~'
   */
  urlPrefix?: string
}

const known: (keyof SentryOptions)[] = ['org', 'project', 'authToken', 'url', 'urlPrefix']

/**
 * Delivers to Sentry, or to a server that speaks its protocol, as artifact bundles: in chunks, and only those that it does
 * not have. Options, then `SENTRY_*` variables, then `.sentryclirc`, then `sentry.properties`.
 */
export function sentry(options: SentryOptions = {}): Destination {
  for (const key of Object.keys(options)) {
    if (!(known as string[]).includes(key)) {
      throw new MapsealError('sentry', `There is no option "${key}".${didYouMean(key, known)}`)
    }
  }
  return {
    name: 'sentry',
    registries: [{ global: '_sentryDebugIds' }],
    async deliver(build, artifacts, context) {
      const warn = (message: string) => context.logger.warn(message)
      const config = resolveConfig(options, { cwd: process.cwd(), env: process.env, warn })
      return uploadArtifacts({ ...config, urlPrefix: options.urlPrefix ?? '~' }, build, artifacts, context)
    },
  }
}
