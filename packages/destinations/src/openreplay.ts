import { type Destination, HttpError } from '@mapseal/core'
import { checkOptions, lacking, origin, setting } from './vendor/settings.ts'
import { uploadEach } from './vendor/upload.ts'
import { type UrlsOption, urlsOf } from './vendor/urls.ts'

export interface OpenreplayOptions extends UrlsOption {
  /** @default `OPENREPLAY_API_KEY` */
  apiKey?: string
  /** @default `OPENREPLAY_PROJECT_KEY` */
  projectKey?: string
  /** @default `https://api.openreplay.com` */
  url?: string
}

const known = ['apiKey', 'projectKey', 'url', 'urls'] satisfies (keyof OpenreplayOptions)[]

/**
 * Delivers to OpenReplay, which finds a map by URL.
 *
 * Wire format: `@openreplay/sourcemap-uploader` 3.0.13.
 */
export function openreplay(options: OpenreplayOptions = {}): Destination {
  checkOptions('openreplay', options, known)
  const apiKey = setting('openreplay', 'apiKey', options.apiKey, 'OPENREPLAY_API_KEY')
  const projectKey = setting('openreplay', 'projectKey', options.projectKey, 'OPENREPLAY_PROJECT_KEY')
  const server = origin(options.url ?? 'https://api.openreplay.com')

  return {
    name: 'openreplay',
    identity: JSON.stringify([server, options.projectKey]),
    lacks: lacking(apiKey, projectKey),
    matches: (path, build, context) => urlsOf('openreplay', path, options, build, context),

    async deliver(build, artifacts, context) {
      return uploadEach(build, artifacts, context, {
        part: 'openreplay',
        async send({ path, map }) {
          const urls = urlsOf('openreplay', path, options, build, context)
          const response = await context.fetch(`${server}/${projectKey.get()}/sourcemaps/`, {
            method: 'PUT',
            headers: { Authorization: apiKey.get(), 'Content-Type': 'application/json' },
            body: JSON.stringify({ URL: urls }),
            secrets: [projectKey.get()],
            sample: { data: urls.map(() => 'https://storage.example/presigned') },
          })
          const { data } = response.json() as { data?: unknown }
          if (!Array.isArray(data) || data.length !== urls.length)
            throw new HttpError('It did not answer with a place for each file. Check its URL.', { part: 'openreplay' })
          for (const place of data as string[]) {
            await context.fetch(place, { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: map })
          }
        },
      })
    },
  }
}
