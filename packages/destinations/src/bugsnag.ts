import { posix } from 'node:path'
import type { Destination } from '@mapseal/core'
import { multipart } from './vendor/multipart.ts'
import { checkOptions, lacking, origin, releaseOf, setting } from './vendor/settings.ts'
import { uploadEach } from './vendor/upload.ts'
import { type UrlsOption, urlsOf } from './vendor/urls.ts'

export interface BugsnagOptions extends UrlsOption {
  /** @default `BUGSNAG_API_KEY` */
  apiKey?: string
  /**
   * The server of an on-premises installation.
   * @default `https://upload.bugsnag.com`, and for keys of Insight Hub `https://upload.bugsnag.smartbear.com`
   */
  url?: string
  /**
   * Replace maps of the same release and URL.
   * @default false
   */
  overwrite?: boolean
}

const known = ['apiKey', 'url', 'urls', 'overwrite'] satisfies (keyof BugsnagOptions)[]

/** Delivers to Bugsnag (Insight Hub), which finds a map by release (`appVersion`) and URL. */
export function bugsnag(options: BugsnagOptions = {}): Destination {
  checkOptions('bugsnag', options, known)
  const apiKey = setting('bugsnag', 'apiKey', options.apiKey, 'BUGSNAG_API_KEY')
  const server = (service: string, key: string) =>
    origin(options.url ?? `https://${service}.bugsnag.${key.startsWith('00000') ? 'smartbear.com' : 'com'}`)

  return {
    name: 'bugsnag',
    identity: options.url ?? '',
    lacks: lacking(apiKey),
    matches: (path, build, context) => urlsOf('bugsnag', path, options, build, context),

    async deliver(build, artifacts, context) {
      const key = apiKey.get()
      const appVersion = releaseOf('bugsnag', build)
      return uploadEach(build, artifacts, context, {
        part: 'bugsnag',
        async send({ path, code, map }) {
          for (const minifiedUrl of urlsOf('bugsnag', path, options, build, context)) {
            const form = multipart([
              { name: 'apiKey', value: key },
              { name: 'appVersion', value: appVersion },
              { name: 'minifiedUrl', value: minifiedUrl },
              ...(options.overwrite ? [{ name: 'overwrite', value: 'true' }] : []),
              { name: 'sourceMap', filename: `${posix.basename(path)}.map`, bytes: map },
              { name: 'minifiedFile', filename: posix.basename(path), bytes: code },
            ])
            // 409: it has that map, of an earlier delivery.
            const accept = options.overwrite ? [] : [409]
            await context.fetch(`${server('upload', key)}/sourcemap`, {
              method: 'POST',
              ...form,
              accept,
              secrets: [key],
            })
          }
        },
      })
    },

    /** https://bugsnagbuildapi.docs.apiary.io */
    async deploy({ release, environment }, { fetch }) {
      const key = apiKey.get()
      const body = { apiKey: key, appVersion: release, releaseStage: environment }
      await fetch(`${server('build', key)}/`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
        secrets: [key],
      })
    },
  }
}
