import { posix } from 'node:path'
import type { Destination } from '@mapseal/core'
import { multipart } from './vendor/multipart.ts'
import { checkOptions, lacking, origin, releaseOf, setting } from './vendor/settings.ts'
import { uploadEach } from './vendor/upload.ts'
import { type UrlsOption, urlsOf } from './vendor/urls.ts'

export interface HoneybadgerOptions extends UrlsOption {
  /** @default `HONEYBADGER_API_KEY` */
  apiKey?: string
  /** The EU's is `https://eu-api.honeybadger.io`. @default `https://api.honeybadger.io` */
  url?: string
}

const known = ['apiKey', 'url', 'urls'] satisfies (keyof HoneybadgerOptions)[]

/**
 * Delivers to Honeybadger, which finds a map by `revision`, the release, and URL.
 *
 * Wire format: https://docs.honeybadger.io/api/reporting-source-maps/ and https://docs.honeybadger.io/api/reporting-deployments/.
 */
export function honeybadger(options: HoneybadgerOptions = {}): Destination {
  checkOptions('honeybadger', options, known)
  const apiKey = setting('honeybadger', 'apiKey', options.apiKey, 'HONEYBADGER_API_KEY')
  const server = origin(options.url ?? 'https://api.honeybadger.io')

  return {
    name: 'honeybadger',
    identity: server,
    lacks: lacking(apiKey),
    matches: (path, build, context) => urlsOf('honeybadger', path, options, build, context),

    async deliver(build, artifacts, context) {
      const key = apiKey.get()
      const revision = releaseOf('honeybadger', build)
      return uploadEach(build, artifacts, context, {
        part: 'honeybadger',
        async send({ path, code, map }) {
          const name = posix.basename(path)
          for (const url of urlsOf('honeybadger', path, options, build, context)) {
            const form = multipart([
              { name: 'api_key', value: key },
              { name: 'minified_url', value: url },
              { name: 'revision', value: revision },
              { name: 'minified_file', filename: name, type: 'application/javascript', bytes: code },
              { name: 'source_map', filename: `${name}.map`, bytes: map },
            ])
            await context.fetch(`${server}/v1/source_maps`, { method: 'POST', ...form, secrets: [key] })
          }
        },
      })
    },

    async deploy({ release, environment, url }, { fetch }) {
      await fetch(`${server}/v1/deploys`, {
        method: 'POST',
        headers: { 'X-API-Key': apiKey.get(), 'Content-Type': 'application/json' },
        body: JSON.stringify({ deploy: { environment, revision: release, ...(url && { url }) } }),
      })
    },
  }
}
