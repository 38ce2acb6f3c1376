import { posix } from 'node:path'
import type { Destination } from '@mapseal/core'
import { multipart } from './vendor/multipart.ts'
import { createPace } from './vendor/pace.ts'
import { checkOptions, lacking, origin, releaseOf, setting } from './vendor/settings.ts'
import { uploadEach } from './vendor/upload.ts'
import { type UrlsOption, urlsOf } from './vendor/urls.ts'

export interface NewrelicOptions extends UrlsOption {
  /** A user key. @default `NEW_RELIC_API_KEY`, else `NR_API_KEY` */
  apiKey?: string
  /** @default `NEW_RELIC_APPLICATION_ID`, else `APPLICATION_ID` */
  applicationId?: string
  /**
   * The first argument of `newrelic.addRelease(name, id)`; the ID is the release.
   * @default none: maps are found by URL alone
   */
  releaseName?: string
  /** The EU's is `https://sourcemaps.service.eu.newrelic.com`. @default `https://sourcemaps.service.newrelic.com` */
  url?: string
}

const known = ['apiKey', 'applicationId', 'releaseName', 'url', 'urls'] satisfies (keyof NewrelicOptions)[]

/**
 * Delivers to New Relic Browser, which finds a map by URL, and by release where one is named.
 *
 * Wire format: https://docs.newrelic.com/docs/browser/browser-monitoring/browser-pro-features/upload-source-maps-api/.
 */
export function newrelic(options: NewrelicOptions = {}): Destination {
  checkOptions('newrelic', options, known)
  const apiKey = setting('newrelic', 'apiKey', options.apiKey, 'NEW_RELIC_API_KEY', 'NR_API_KEY')
  const appId = setting(
    'newrelic',
    'applicationId',
    options.applicationId,
    'NEW_RELIC_APPLICATION_ID',
    'APPLICATION_ID',
  )
  const server = origin(options.url ?? 'https://sourcemaps.service.newrelic.com')

  return {
    name: 'newrelic',
    identity: JSON.stringify([server, options.applicationId, options.releaseName]),
    lacks: lacking(apiKey, appId),
    matches: (path, build, context) => urlsOf('newrelic', path, options, build, context),

    async deliver(build, artifacts, context) {
      const { releaseName } = options
      const release =
        releaseName === undefined
          ? []
          : [
              { name: 'releaseName', value: releaseName },
              { name: 'releaseId', value: releaseOf('newrelic', build) },
            ]
      const pace = createPace(100, context.signal)
      return uploadEach(build, artifacts, context, {
        part: 'newrelic',
        limit: { bytes: 50 * 2 ** 20, of: 'map' },
        async send({ path, map }) {
          for (const url of urlsOf('newrelic', path, options, build, context)) {
            const { headers, body } = multipart([
              { name: 'javascriptUrl', value: url },
              { name: 'source', value: 'client-module' },
              ...release,
              { name: 'sourcemap', filename: `${posix.basename(path)}.map`, type: 'application/json', bytes: map },
            ])
            await pace()
            await context.fetch(`${server}/v2/applications/${appId.get()}/sourcemaps`, {
              method: 'POST',
              headers: { 'Api-Key': apiKey.get(), Accept: 'application/json', ...headers },
              body,
            })
          }
        },
      })
    },
  }
}
