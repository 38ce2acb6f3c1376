import { createHash } from 'node:crypto'
import {
  type Artifact,
  type BuildRecord,
  type Bytes,
  type Destination,
  MapsealError,
  openBucket,
  type S3Bucket,
} from '@mapseal/core'
import { inParallel } from './vendor/parallel.ts'

export interface S3Options {
  bucket: string
  /** What every key begins with, such as `web/maps`. */
  prefix?: string
  /**
   * The URL of a storage besides Amazon's.
   * @default `AWS_ENDPOINT_URL_S3`, else `AWS_ENDPOINT_URL`
   */
  endpoint?: string
  /** @default `AWS_REGION`, else `AWS_DEFAULT_REGION`; Amazon says which is the bucket's */
  region?: string
  /**
   * Whether the bucket stands in the URL's path and not in the host's name.
   * @default true where there is an endpoint
   */
  pathStyle?: boolean
}

const contentType = 'application/json'

/**
 * Puts source maps into a bucket, by release and by debug ID:
 *
 *     <prefix>/releases/<release>/<file>.map       with a dist: releases/<release>/<dist>/<file>.map
 *     <prefix>/debug-ids/<debug ID>.map
 *     <prefix>/builds/<build ID>.json              the manifest, once all maps are there
 *
 * What is there is never replaced by other bytes: a second map of one name goes beside it, with its debug ID, or a part of
 * its own SHA-256, before `.map`.
 */
export function s3(options: S3Options): Destination {
  const location = locationOf(options)
  openBucket(location) // Reports wrong options at once.
  return {
    name: 's3',
    identity: location,
    async lacks() {
      if (await openBucket(location).hasCredentials()) return undefined
      return 'No AWS credentials. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE.'
    },
    async deliver(build, artifacts, { signal, ca, isDryRun, logger, onProgress, parallel = 8 }) {
      const bucket = openBucket(location, { signal, ca })
      const total = build.files.reduce((sum, { map }) => sum + (map?.size ?? 0), 0)
      let sent = 0
      let count = 0
      let beside = 0
      const listed: ListedMap[] = []
      await inParallel(artifacts, parallel, async artifact => {
        signal.throwIfAborted()
        const { map } = artifact
        if (!map) return
        const sha256 = createHash('sha256').update(map).digest('hex')
        const places = placesOf(build, artifact, sha256)
        if (isDryRun) {
          for (const { key } of places) logger.info(`[s3] PUT ${bucket.url}/${key} (${map.length} bytes)`)
          return
        }
        const keys = await Promise.all(places.map(place => putOnce(bucket, place, map)))
        if (keys.some((key, index) => key !== places[index]?.key)) beside += 1
        const { path, debugId } = artifact
        listed.push({ path, debugId, map: keys[1] as string, sha256, size: map.length })
        count += 1
        sent += map.length
        onProgress?.(sent, total)
      })
      if (listed.length > 0) await putManifest(bucket, build, listed)
      const message = `in ${bucket.url}${beside > 0 ? `, ${beside} beside other maps of the same name` : ''}`
      return { artifacts: count, message }
    },
  }
}

function locationOf({ bucket, prefix = '', endpoint, region, pathStyle }: S3Options): string {
  if (!bucket) throw new MapsealError('s3', 'The bucket is not named. Write s3({ bucket: "source-maps" }).')
  const settings = new URLSearchParams()
  if (endpoint !== undefined) settings.set('endpoint', endpoint)
  if (region !== undefined) settings.set('region', region)
  if (pathStyle !== undefined) settings.set('path-style', String(pathStyle))
  return `s3://${bucket}/${prefix.replace(/^\/+/, '')}${settings.size > 0 ? `?${settings}` : ''}`
}

/** A key, and the one that is taken where it holds other bytes. */
interface Place {
  key: string
  otherwise: string
}

function placesOf({ id, release }: BuildRecord, { path, debugId }: Artifact, sha256: string): Place[] {
  const folders = ['releases', release?.name ?? id, ...(release?.dist === undefined ? [] : [release.dist])]
  const file = [...folders.map(folder => segment(encodeURIComponent(folder))), ...path.split('/').map(segment)].join(
    '/',
  )
  return [
    { key: `${file}.map`, otherwise: `${file}.${debugId}-${sha256.slice(0, 8)}.map` },
    { key: `debug-ids/${debugId}.map`, otherwise: `debug-ids/${debugId}-${sha256.slice(0, 8)}.map` },
  ]
}

/** A name that no client takes for a way up. */
function segment(name: string): string {
  return /^\.+$/.test(name) ? '%2E'.repeat(name.length) : name
}

/** @returns the key under which it is */
async function putOnce(bucket: S3Bucket, { key, otherwise }: Place, map: Bytes): Promise<string> {
  const found = await bucket.head(key)
  if (!found) await bucket.put(key, map, contentType)
  else if (found.size !== map.length || !(await bucket.get(key))?.equals(map)) {
    // Its name holds a part of its hash, so it is either absent or the same.
    if (!(await bucket.head(otherwise))) await bucket.put(otherwise, map, contentType)
    return otherwise
  }
  return key
}

/** A map in the manifest. */
interface ListedMap {
  /** Of the script, below the output folder. */
  path: string
  debugId: string
  /** The key of the map. */
  map: string
  sha256: string
  /** In bytes. */
  size: number
}

/** Lists the maps of a build. What an earlier part of it has listed, or another process, stays. */
async function putManifest(
  bucket: S3Bucket,
  { id, createdAt, release }: BuildRecord,
  maps: ListedMap[],
): Promise<void> {
  const key = `builds/${segment(encodeURIComponent(id))}.json`
  const named = release && { release: release.name, ...(release.dist !== undefined && { dist: release.dist }) }
  for (;;) {
    const before = await bucket.getTagged(key)
    const listed = before ? (JSON.parse(before.bytes.toString()) as { maps: ListedMap[] }).maps : []
    const byScript = new Map([...listed, ...maps].map(each => [`${each.path} ${each.debugId}`, each]))
    const sorted = [...byScript.keys()].sort().map(script => byScript.get(script))
    const json = JSON.stringify({ version: 1, id, createdAt, ...named, maps: sorted }, null, 2)
    const bytes = Buffer.from(`${json}\n`)
    if (before?.bytes.equals(bytes) || (await bucket.replace(key, bytes, before?.tag, contentType))) return
  }
}
