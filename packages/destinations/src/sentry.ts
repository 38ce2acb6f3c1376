import type { DeliveryContext, Destination } from '@mapseal/core'
import type { SentryConfig } from './sentry/api.ts'
import { lacksToken, resolveConfig, type SentryAccess, type Surroundings } from './sentry/config/config.ts'
import { type MetadataOptions, metadataRegistries } from './sentry/metadata.ts'
import { markDeploy } from './sentry/release/deploys.ts'
import { keepReleases } from './sentry/release/keep-releases.ts'
import { type SentryReleaseOptions, withRelease } from './sentry/release/with-release.ts'
import { uploadArtifacts } from './sentry/upload/upload.ts'
import { checkOptions } from './vendor/settings.ts'

export type { MetadataArguments, MetadataOptions, ModuleMetadata } from './sentry/metadata.ts'

export interface SentryOptions extends SentryAccess, MetadataOptions {
  /**
   * What stands before each path in the URLs that Sentry keeps; `~` is any scheme and host. Debug IDs need no URLs.
   * @default '~'
   */
  urlPrefix?: string
  /**
   * Make the release, with commits, date and deploy; `{}` for all that can be found out. Debug IDs need none.
   * @default undefined
   */
  release?: SentryReleaseOptions
}

const known = [
  'org',
  'project',
  'authToken',
  'url',
  'urlPrefix',
  'release',
  'moduleMetadata',
  'applicationKey',
] satisfies (keyof SentryOptions)[]

/**
 * Delivers to Sentry, or to a server that speaks its protocol, as artifact bundles: in chunks, and only those that it does
 * not have. Options, then `SENTRY_*` variables, then `.sentryclirc`, then `sentry.properties`.
 *
 * @param place where variables and files are read. @default the process's
 */
export function sentry(
  options: SentryOptions = {},
  place: Partial<Pick<Surroundings, 'cwd' | 'env'>> = {},
): Destination {
  checkOptions('sentry', options, known)
  const { moduleMetadata } = options
  // Read when it is needed, so that a config without a token can be loaded.
  const surroundings = () => ({ cwd: place.cwd ?? process.cwd(), env: place.env ?? process.env })
  const configure = ({ logger }: DeliveryContext): Promise<SentryConfig> =>
    resolveConfig(options, { ...surroundings(), warn: message => logger.warn(message) })

  return {
    name: 'sentry',
    identity: JSON.stringify([
      [options.url, options.org, options.project, options.urlPrefix],
      [options.applicationKey, typeof moduleMetadata === 'function' ? String(moduleMetadata) : moduleMetadata],
    ]),
    // Artifact bundles are ZIP archives, whose entries are deflated. Chunks in zstd would only wrap them.
    sendsGzip: true,
    registries: [{ global: '_sentryDebugIds' }, ...metadataRegistries(options, () => surroundings().env)],

    lacks: () => lacksToken(options, surroundings()),

    async deliver(build, artifacts, context) {
      const config = await configure(context)
      return withRelease(options.release, build, config, context, surroundings(), () =>
        uploadArtifacts(
          { ...config, urlPrefix: build.urlPrefix ?? options.urlPrefix ?? '~' },
          build,
          artifacts,
          context,
        ),
      )
    },

    async deploy(deploy, context) {
      await markDeploy(context, await configure(context), deploy)
    },

    releases: keepReleases(configure, surroundings),
  }
}
