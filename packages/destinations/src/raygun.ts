import { posix } from 'node:path'
import type { Destination } from '@mapseal/core'
import { linkedCode } from './vendor/linked-code.ts'
import { multipart } from './vendor/multipart.ts'
import { checkOptions, lacking, origin, setting } from './vendor/settings.ts'
import { uploadEach } from './vendor/upload.ts'
import { type UrlsOption, urlsOf } from './vendor/urls.ts'

export interface RaygunOptions extends UrlsOption {
  /** @default `RAYGUN_APPLICATION_ID` */
  applicationId?: string
  /** A personal access token. @default `RAYGUN_ACCESS_TOKEN` */
  accessToken?: string
  /** The application's key, for deployments. @default `RAYGUN_API_KEY` */
  apiKey?: string
  /** @default `https://api.raygun.com` */
  url?: string
}

const known = ['applicationId', 'accessToken', 'apiKey', 'url', 'urls'] satisfies (keyof RaygunOptions)[]

/**
 * Delivers to Raygun's source map centre, which keeps scripts and maps by URL and goes from the script to its map.
 *
 * Wire format: https://github.com/MindscapeHQ/raygun-cli. Experimental: there is no other uploader to compare with.
 */
export function raygun(options: RaygunOptions = {}): Destination {
  checkOptions('raygun', options, known)
  const appId = setting('raygun', 'applicationId', options.applicationId, 'RAYGUN_APPLICATION_ID')
  const token = setting('raygun', 'accessToken', options.accessToken, 'RAYGUN_ACCESS_TOKEN')
  const apiKey = setting('raygun', 'apiKey', options.apiKey, 'RAYGUN_API_KEY')
  const applications = `${origin(options.url ?? 'https://api.raygun.com')}/v3/applications`

  return {
    name: 'raygun',
    identity: JSON.stringify([options.url, options.applicationId]),
    lacks: lacking(appId, token),
    matches: (path, build, context) => urlsOf('raygun', path, options, build, context),

    async deliver(build, artifacts, context) {
      const put = async (uri: string, name: string, bytes: Uint8Array) => {
        const { headers, body } = multipart([
          { name: 'uri', value: uri },
          { name: 'file', filename: name, bytes },
        ])
        await context.fetch(`${applications}/${appId.get()}/source-maps`, {
          method: 'PUT',
          headers: { Authorization: `Bearer ${token.get()}`, ...headers },
          body,
        })
      }
      return uploadEach(build, artifacts, context, {
        part: 'raygun',
        async send({ path, code, map }) {
          const name = posix.basename(path)
          for (const url of urlsOf('raygun', path, options, build, context)) {
            await put(`${url}.map`, `${name}.map`, map)
            await put(url, name, linkedCode({ path, code }))
          }
        },
      })
    },

    async deploy({ release, name, finished }, { fetch }) {
      await fetch(`${applications}/api-key/${encodeURIComponent(apiKey.get())}/deployments`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${token.get()}`, 'Content-Type': 'application/json' },
        body: JSON.stringify({
          version: release,
          deployedAt: finished ?? new Date().toISOString(),
          ...(name && { comment: name }),
        }),
        secrets: [apiKey.get()],
      })
    },
  }
}
