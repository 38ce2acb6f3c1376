import { type Destination, HttpError, version } from '@mapseal/core'
import { linkedCode } from './vendor/linked-code.ts'
import { checkOptions, lacking, origin, setting } from './vendor/settings.ts'
import { uploadEach } from './vendor/upload.ts'

export interface HyperdxOptions {
  /** @default `HYPERDX_SERVICE_KEY` */
  serviceKey?: string
  /** What stands before each path in the path of its URL. @default none */
  basePath?: string
  /** @default `https://api.hyperdx.io` */
  url?: string
}

const known = ['serviceKey', 'basePath', 'url'] satisfies (keyof HyperdxOptions)[]

/**
 * Delivers to HyperDX, which finds scripts and maps by release and path.
 *
 * Wire format: `@hyperdx/cli` 0.6.3. Experimental: ClickStack does not have this API.
 */
export function hyperdx(options: HyperdxOptions = {}): Destination {
  checkOptions('hyperdx', options, known)
  const serviceKey = setting('hyperdx', 'serviceKey', options.serviceKey, 'HYPERDX_SERVICE_KEY')
  const server = origin(options.url ?? 'https://api.hyperdx.io')

  return {
    name: 'hyperdx',
    identity: JSON.stringify([options.url, options.basePath]),
    lacks: lacking(serviceKey),
    matches: path => [`*${options.basePath ?? ''}/${path}`],

    async deliver(build, artifacts, context) {
      return uploadEach(build, artifacts, context, {
        part: 'hyperdx',
        async send({ path, code, map }) {
          const names = [`${path}.map`, path]
          const keys = names.map(fullName => ({
            basePath: options.basePath ?? '',
            fullName,
            ...(build.release && { releaseId: build.release.name }),
          }))
          const response = await context.fetch(`${server}/api/v1/sourcemaps/upload-presigned-urls`, {
            method: 'POST',
            headers: { Authorization: `Bearer ${serviceKey.get()}`, 'Content-Type': 'application/json' },
            body: JSON.stringify({ pkgVersion: version, keys }),
            sample: { data: names.map(() => 'https://storage.example/presigned') },
          })
          const { data } = response.json() as { data?: unknown }
          const [forMap, forCode] = Array.isArray(data) ? (data as string[]) : []
          if (!forMap || !forCode)
            throw new HttpError('It did not answer with a place for each file. Check its URL.', { part: 'hyperdx' })
          await context.fetch(forMap, { method: 'PUT', body: map })
          await context.fetch(forCode, { method: 'PUT', body: linkedCode({ path, code }) })
        },
      })
    },
  }
}
