import { promisify } from 'node:util'
import { deflateRaw } from 'node:zlib'
import type { Destination, Release } from '@mapseal/core'
import { checkOptions, lacking, releaseOf, setting } from './vendor/settings.ts'
import { uploadEach } from './vendor/upload.ts'

export interface FlareOptions {
  /** @default `FLARE_KEY` */
  key?: string
  /** What stands before each path in the path of its URL. @default `/` */
  base?: string
  /** The URL that takes source maps. @default `https://flareapp.io/api/sourcemaps` */
  url?: string
}

const known = ['key', 'base', 'url'] satisfies (keyof FlareOptions)[]

/**
 * Delivers to Flare, which finds a map by version, the release, and path.
 *
 * Wire format: `@flareapp/vite` 1.2.1. Its client reads `FLARE_SOURCEMAP_VERSION`.
 */
export function flare(options: FlareOptions = {}): Destination {
  checkOptions('flare', options, known)
  const key = setting('flare', 'key', options.key, 'FLARE_KEY')
  const base = `${(options.base ?? '').replace(/\/+$/, '')}/`

  return {
    name: 'flare',
    identity: options.url ?? '',
    releaseGlobals: ({ name }: Release) => ({ FLARE_SOURCEMAP_VERSION: name }),
    lacks: lacking(key),
    matches: path => [`*${base}${path}`],

    async deliver(build, artifacts, context) {
      const version_id = releaseOf('flare', build)
      return uploadEach(build, artifacts, context, {
        part: 'flare',
        async send({ path, map }) {
          const sourcemap = (await promisify(deflateRaw)(map)).toString('base64')
          await context.fetch(options.url ?? 'https://flareapp.io/api/sourcemaps', {
            method: 'POST',
            headers: { 'Content-Type': 'application/json' },
            body: JSON.stringify({ key: key.get(), version_id, relative_filename: `${base}${path}`, sourcemap }),
            secrets: [key.get()],
          })
        },
      })
    },
  }
}
