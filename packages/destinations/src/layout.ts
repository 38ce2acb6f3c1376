import { resolve } from 'node:path'
import {
  type BuildRecord,
  type Bytes,
  type DeliveryContext,
  type Destination,
  MapsealError,
  openBucket,
} from '@mapseal/core'
import { inside, writeFolderFile } from './vendor/folder-file.ts'
import { linkedCode } from './vendor/linked-code.ts'
import { withFile } from './vendor/map-file.ts'
import { checkOptions, releaseOf } from './vendor/settings.ts'
import { type MappedArtifact, uploadEach } from './vendor/upload.ts'

export interface LayoutOptions {
  /** What reads the files. */
  reader: Reader
  /** A folder, or `s3://bucket/prefix`. */
  to: string
  /** What stands before each path in the path of its URL, such as `static`. @default none */
  prefix?: string
}

/**
 * - `opentelemetry`: Honeycomb's source map processor of the collector
 * - `cloudwatch-rum`: Amazon CloudWatch RUM
 * - `grafana-alloy`: Alloy's `faro.receiver`
 * - `application-insights`: Azure Monitor, for containers that are filled by other means
 */
export type Reader = 'opentelemetry' | 'cloudwatch-rum' | 'grafana-alloy' | 'application-insights'

/** The files for one artifact, by their keys. */
type Layout = (artifact: MappedArtifact, prefix: string, build: BuildRecord) => [key: string, bytes: Bytes][]

const besideScript: Layout = ({ path, map }, prefix) => [[`${prefix}${path}.map`, map]]

const layouts: Record<Reader, Layout> = {
  // It reads the script, finds the link in it, and reads the map: both by the path of the URL.
  opentelemetry: ({ path, code, map }, prefix) => [
    [`${prefix}${path}.map`, map],
    [`${prefix}${path}`, linkedCode({ path, code })],
  ],
  // By the release ID that the web client is configured with, and the field `file`.
  'cloudwatch-rum': ({ path, map }, prefix, build) => [
    [`${encodeURIComponent(releaseOf('layout', build))}/${prefix}${path}.map`, withFile(map, `${prefix}${path}`)],
  ],
  'grafana-alloy': besideScript,
  'application-insights': besideScript,
}

const known = ['reader', 'to', 'prefix'] satisfies (keyof LayoutOptions)[]

/** Lays maps out in a bucket or a folder as a reader looks them up there: by the path of the URL, or by release. */
export function layout(options: LayoutOptions): Destination {
  checkOptions('layout', options, known)
  const { reader, to } = options
  const filesOf = layouts[reader]
  if (!filesOf)
    throw new MapsealError('layout', `The option "reader" takes one of these: ${Object.keys(layouts).join(', ')}.`)
  if (!to) throw new MapsealError('layout', 'The option "to" takes a folder, or s3://bucket/prefix.')
  const prefix = options.prefix ? `${options.prefix.replace(/^\/+|\/+$/g, '')}/` : ''
  if (to.startsWith('s3://')) openBucket(to) // Reports a wrong address at once.

  return {
    name: 'layout',
    identity: `${reader} ${to}`,
    matches: path => [`*/${prefix}${path}`],
    async deliver(build, artifacts, context) {
      const put = opened(to, context)
      return uploadEach(build, artifacts, context, {
        part: 'layout',
        ...(reader === 'cloudwatch-rum' && { limit: { bytes: 50 * 1e6, of: 'map' } }),
        async send(artifact) {
          for (const [key, bytes] of filesOf(artifact, prefix, build)) await put(key, bytes)
        },
      })
    },
  }
}

function opened(to: string, { signal, ca, isDryRun, logger }: DeliveryContext) {
  if (isDryRun)
    return async (key: string, bytes: Bytes) => logger.info(`[layout] write ${to}/${key} (${bytes.length} bytes)`)
  if (!to.startsWith('s3://'))
    return (key: string, bytes: Bytes) => writeFolderFile('layout', resolve(to, ...key.split('/').map(inside)), bytes)
  const bucket = openBucket(to, { signal, ca })
  return (key: string, bytes: Bytes) =>
    bucket.put(key, bytes, key.endsWith('.map') ? 'application/json' : 'text/javascript')
}
