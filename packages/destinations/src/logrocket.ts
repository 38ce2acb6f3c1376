import { type Destination, HttpError } from '@mapseal/core'
import { linkedCode } from './vendor/linked-code.ts'
import { checkOptions, lacking, origin, releaseOf, setting } from './vendor/settings.ts'
import { uploadEach } from './vendor/upload.ts'

export interface LogrocketOptions {
  /** `<organization>:<app>:<secret>`. @default `LOGROCKET_API_KEY` */
  apiKey?: string
  /** What stands before each path in URLs; `~` is any scheme and host. @default `~` */
  prefix?: string
  /** @default `https://api.logrocket.com` */
  url?: string
}

const known = ['apiKey', 'prefix', 'url'] satisfies (keyof LogrocketOptions)[]

/**
 * Delivers to LogRocket, which finds scripts and maps by release and path.
 *
 * Wire format: `logrocket-cli` 0.15.2.
 */
export function logrocket(options: LogrocketOptions = {}): Destination {
  checkOptions('logrocket', options, known)
  const apiKey = setting('logrocket', 'apiKey', options.apiKey, 'LOGROCKET_API_KEY')
  const prefix = origin(options.prefix ?? '~')

  return {
    name: 'logrocket',
    identity: JSON.stringify([options.url, options.prefix]),
    lacks: lacking(apiKey),
    matches: path => [`${prefix.replace(/^~/, '*')}/${path}`],

    async deliver(build, artifacts, context) {
      const key = apiKey.get()
      const [organization = '', app = ''] = key.split(':')
      const release = releaseOf('logrocket', build)
      const server = `${origin(options.url ?? 'https://api.logrocket.com')}/v1/orgs/${organization}/apps/${app}`
      const call = (path: string, body: unknown, accept: number[], sample?: unknown) =>
        context.fetch(`${server}/${path}/`, {
          method: 'POST',
          headers: { Authorization: `Token ${key}`, Accept: 'application/json', 'Content-Type': 'application/json' },
          body: JSON.stringify(body),
          secrets: key.split(':').slice(2),
          accept,
          sample,
        })

      async function put(filepath: string, bytes: Uint8Array): Promise<void> {
        const sample = { signed_url: 'https://storage.example/signed' }
        const response = await call(`releases/${encodeURIComponent(release)}/artifacts`, { filepath }, [], sample)
        const { signed_url } = response.json() as { signed_url?: string }
        if (!signed_url) throw new HttpError(`It gave no place for ${filepath}. Check its URL.`, { part: 'logrocket' })
        await context.fetch(signed_url, { method: 'PUT', body: bytes })
      }

      let created: Promise<unknown> | undefined
      return uploadEach(build, artifacts, context, {
        part: 'logrocket',
        async send({ path, code, map }) {
          // 409: the release is there already.
          created ??= call('releases', { version: release }, [409])
          await created
          await put(`${prefix}/${path}.map`, map)
          await put(`${prefix}/${path}`, linkedCode({ path, code }))
        },
      })
    },
  }
}
