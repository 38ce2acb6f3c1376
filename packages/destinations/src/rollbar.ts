import { posix } from 'node:path'
import type { Destination } from '@mapseal/core'
import { multipart } from './vendor/multipart.ts'
import { checkOptions, lacking, origin, releaseOf, setting } from './vendor/settings.ts'
import { uploadEach } from './vendor/upload.ts'
import { type UrlsOption, urlsOf } from './vendor/urls.ts'

export interface RollbarOptions extends UrlsOption {
  /** A project access token with the scope `post_server_item`. @default `ROLLBAR_ACCESS_TOKEN` */
  accessToken?: string
  /** @default `https://api.rollbar.com` */
  url?: string
}

const known = ['accessToken', 'url', 'urls'] satisfies (keyof RollbarOptions)[]

/**
 * Delivers to Rollbar, which finds a map by `code_version`, the release, and URL.
 *
 * Wire format: https://docs.rollbar.com/docs/source-maps and https://docs.rollbar.com/reference/post-deploy.
 */
export function rollbar(options: RollbarOptions = {}): Destination {
  checkOptions('rollbar', options, known)
  const accessToken = setting('rollbar', 'accessToken', options.accessToken, 'ROLLBAR_ACCESS_TOKEN')
  const server = origin(options.url ?? 'https://api.rollbar.com')

  return {
    name: 'rollbar',
    identity: server,
    lacks: lacking(accessToken),
    matches: (path, build, context) => urlsOf('rollbar', path, options, build, context),

    async deliver(build, artifacts, context) {
      const token = accessToken.get()
      const release = releaseOf('rollbar', build)
      return uploadEach(build, artifacts, context, {
        part: 'rollbar',
        async send({ path, map }) {
          for (const url of urlsOf('rollbar', path, options, build, context)) {
            const form = multipart([
              { name: 'access_token', value: token },
              { name: 'version', value: release },
              { name: 'minified_url', value: url },
              { name: 'source_map', filename: `${posix.basename(path)}.map`, type: 'application/json', bytes: map },
            ])
            await context.fetch(`${server}/api/1/sourcemap`, { method: 'POST', ...form, secrets: [token] })
          }
        },
      })
    },

    async deploy({ release, environment, name }, { fetch }) {
      await fetch(`${server}/api/1/deploy`, {
        method: 'POST',
        headers: { 'X-Rollbar-Access-Token': accessToken.get(), 'Content-Type': 'application/json' },
        body: JSON.stringify({ environment, revision: release, status: 'succeeded', ...(name && { comment: name }) }),
      })
    },
  }
}
