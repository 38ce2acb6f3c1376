import { type Artifact, type BuildRecord, type Destination, didYouMean, MapsealError } from '@mapseal/core'
import { checkOptions } from './vendor/settings.ts'
import { uploadEach } from './vendor/upload.ts'

export interface HttpOptions {
  /** Where each map goes, with `{release}`, `{dist}`, `{path}` and `{debugId}`, such as `https://maps.example/{release}/{path}.map`. */
  url: string
  /** @default `PUT` */
  method?: 'PUT' | 'POST'
  /** Headers of each request; a function is called for each build, so that a token is read when it is needed. */
  headers?: Record<string, string> | (() => Record<string, string>)
  /**
   * Statuses besides 2xx that say that the map is there.
   * @default []
   */
  accept?: number[]
}

const placeholders = ['release', 'dist', 'path', 'debugId']

const known = ['url', 'method', 'headers', 'accept'] satisfies (keyof HttpOptions)[]

/** Sends each map in a request of its own, to any server. */
export function http(options: HttpOptions): Destination {
  checkOptions('http', options, known)
  const { url, method = 'PUT', headers = {}, accept = [] } = options
  if (!/\{(?:path|debugId)\}/.test(url ?? ''))
    throw new MapsealError(
      'http',
      'The option "url" takes a URL with {path} or {debugId}, so that no map replaces another.',
    )
  const [, unknown] = [...url.matchAll(/\{([^{}]*)\}/g)].find(([, name = '']) => !placeholders.includes(name)) ?? []
  if (unknown !== undefined)
    throw new MapsealError('http', `The option "url" has {${unknown}} in it.${didYouMean(unknown, placeholders)}`)

  return {
    name: 'http',
    identity: url,
    async deliver(build, artifacts, context) {
      const own = typeof headers === 'function' ? headers() : headers
      return uploadEach(build, artifacts, context, {
        part: 'http',
        async send(artifact) {
          await context.fetch(filled(url, artifact, build), {
            method,
            headers: { 'Content-Type': 'application/json', ...own },
            body: artifact.map,
            accept,
          })
        },
      })
    },
  }
}

function filled(url: string, { path, debugId }: Artifact, { id, release }: BuildRecord): string {
  const values: Record<string, string> = {
    path: path.split('/').map(encodeURIComponent).join('/'),
    debugId,
    release: encodeURIComponent(release?.name ?? id),
    dist: encodeURIComponent(release?.dist ?? ''),
  }
  return url.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole)
}
