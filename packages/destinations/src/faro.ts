import type { Destination, Release } from '@mapseal/core'
import { withFile } from './vendor/map-file.ts'
import { checkOptions, lacking, origin, releaseOf, setting } from './vendor/settings.ts'
import { uploadEach } from './vendor/upload.ts'

export interface FaroOptions {
  /** The `app.name` of Faro's SDK. */
  appName: string
  /** @default `FARO_APP_ID` */
  appId?: string
  /** @default `FARO_STACK_ID` */
  stackId?: string
  /** @default `FARO_API_KEY` */
  apiKey?: string
  /** Such as `https://faro-api-prod-eu-west-2.grafana.net/faro/api/v1`. @default `FARO_ENDPOINT` */
  url?: string
  /**
   * What stands before each path in the path of its URL, such as `static`.
   * @default none
   */
  prefix?: string
}

const known = ['appName', 'appId', 'stackId', 'apiKey', 'url', 'prefix'] satisfies (keyof FaroOptions)[]

/**
 * Delivers to Grafana's Frontend Observability, which finds a map by bundle ID, the release, and the map's `file`.
 *
 * Wire format: `@grafana/faro-bundlers-shared` 0.11.
 */
export function faro(options: FaroOptions): Destination {
  checkOptions('faro', options, known)
  const endpoint = setting('faro', 'url', options.url, 'FARO_ENDPOINT')
  const appId = setting('faro', 'appId', options.appId, 'FARO_APP_ID')
  const stackId = setting('faro', 'stackId', options.stackId, 'FARO_STACK_ID')
  const apiKey = setting('faro', 'apiKey', options.apiKey, 'FARO_API_KEY')
  const prefix = options.prefix?.replace(/^\/+|\/+$/g, '')

  return {
    name: 'faro',
    identity: JSON.stringify([options.url, options.appId, options.appName]),
    releaseGlobals: ({ name }: Release) => ({ [`__faroBundleId_${options.appName}`]: name }),
    lacks: lacking(endpoint, appId, stackId, apiKey),
    matches: path => [`*/${prefix ? `${prefix}/` : ''}${path}`],

    async deliver(build, artifacts, context) {
      const bundleId = encodeURIComponent(releaseOf('faro', build))
      const url = `${origin(endpoint.get())}/app/${appId.get()}/sourcemaps/${bundleId}`
      return uploadEach(build, artifacts, context, {
        part: 'faro',
        limit: { bytes: 30 * 2 ** 20, of: 'map' },
        async send({ path, map }) {
          await context.fetch(url, {
            method: 'POST',
            headers: { Authorization: `Bearer ${stackId.get()}:${apiKey.get()}`, 'Content-Type': 'application/json' },
            secrets: [apiKey.get()],
            body: withFile(map, prefix ? `${prefix}/${path}` : path),
          })
        },
      })
    },
  }
}
