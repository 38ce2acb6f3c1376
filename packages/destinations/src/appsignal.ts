import { posix } from 'node:path'
import type { Destination } from '@mapseal/core'
import { multipart } from './vendor/multipart.ts'
import { checkOptions, lacking, origin, releaseOf, setting } from './vendor/settings.ts'
import { uploadEach } from './vendor/upload.ts'
import { type UrlsOption, urlsOf } from './vendor/urls.ts'

export interface AppsignalOptions extends UrlsOption {
  /** @default `APPSIGNAL_PUSH_API_KEY` */
  pushApiKey?: string
  /** @default `APPSIGNAL_APP_NAME` */
  appName?: string
  /** @default `APPSIGNAL_APP_ENV`, else `production` */
  environment?: string
  /** @default `https://appsignal.com` */
  url?: string
}

const known = ['pushApiKey', 'appName', 'environment', 'url', 'urls'] satisfies (keyof AppsignalOptions)[]

/**
 * Delivers to AppSignal, which finds a map by app, environment, `revision` (the release) and URL.
 *
 * Wire format: https://docs.appsignal.com/api/sourcemaps.html and https://docs.appsignal.com/api/deploy-markers.html.
 */
export function appsignal(options: AppsignalOptions = {}): Destination {
  checkOptions('appsignal', options, known)
  const key = setting('appsignal', 'pushApiKey', options.pushApiKey, 'APPSIGNAL_PUSH_API_KEY')
  const appName = setting('appsignal', 'appName', options.appName, 'APPSIGNAL_APP_NAME')
  const environmentOf = () => options.environment ?? process.env.APPSIGNAL_APP_ENV ?? 'production'

  return {
    name: 'appsignal',
    identity: JSON.stringify([options.url, options.appName, options.environment]),
    lacks: lacking(key, appName),
    matches: (path, build, context) => urlsOf('appsignal', path, options, build, context),

    async deliver(build, artifacts, context) {
      const revision = releaseOf('appsignal', build)
      return uploadEach(build, artifacts, context, {
        part: 'appsignal',
        limit: { bytes: 100 * 1e6, of: 'map' },
        async send({ path, map }) {
          const form = multipart([
            { name: 'revision', value: revision },
            ...urlsOf('appsignal', path, options, build, context).map(value => ({ name: 'name[]', value })),
            { name: 'file', filename: `${posix.basename(path)}.map`, type: 'application/json', bytes: map },
          ])
          const app = { push_api_key: key.get(), app_name: appName.get(), environment: environmentOf() }
          const address = `${origin(options.url ?? 'https://appsignal.com')}/api/sourcemaps`
          await context.fetch(`${address}?${new URLSearchParams(app)}`, { method: 'POST', ...form })
        },
      })
    },

    async deploy({ release, environment }, { fetch }) {
      const query = new URLSearchParams({ api_key: key.get(), name: appName.get(), environment })
      await fetch(`${origin(options.url ?? 'https://push.appsignal.com')}/1/markers?${query}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ revision: release, user: 'mapseal' }),
      })
    },
  }
}
