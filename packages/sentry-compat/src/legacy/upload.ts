import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import {
  type Artifact,
  type BuildRecord,
  computeDebugId,
  count,
  type DeliveryContext,
  editMapOrKeep,
  MapsealError,
  readTrailingComments,
} from '@mapseal/core'
import { sentry } from '@mapseal/destinations/sentry'
import type { Surroundings } from '../destination/destination.ts'
import type { IncludeEntry, Options } from '../options.ts'
import { collectLegacyFiles, type LegacyFile } from './collect.ts'
import { rewriteMap } from './rewrite-map.ts'

/**
 * Uploads the files of `uploadLegacySourcemaps`, which the server finds by their URL and the release.
 *
 * @param maps source maps that are no longer on the disk, by the path of their script
 * @returns what was done, for the summary line; undefined where nothing was to be
 */
export async function uploadLegacy(
  options: Options,
  { env, place, logger }: Surroundings,
  build: BuildRecord,
  context: DeliveryContext,
  maps: Map<string, Buffer>,
): Promise<string | undefined> {
  const given = options.release?.uploadLegacySourcemaps
  if (given === undefined) return undefined
  if (!build.release)
    throw new MapsealError('sentry-compat', '"uploadLegacySourcemaps" needs a release. Set "release.name".')
  const { org, project, authToken, url } = options
  const access = Object.fromEntries(Object.entries({ org, project, authToken, url }).filter(([, value]) => value))
  let sent = 0
  for (const each of [given].flat()) {
    const entry = entryOf(each)
    const artifacts = await legacyArtifacts(entry, place.cwd, maps)
    for (const { path } of artifacts) logger.debug(`${entry.urlPrefix ?? '~/'}${path} is uploaded by its URL.`)
    const destination = sentry({ ...access, urlPrefix: entry.urlPrefix ?? '~/' }, { cwd: place.cwd, env })
    const files = artifacts.map(({ path, debugId }) => ({ path, debugId, outDir: '' }) as BuildRecord['files'][number])
    await destination.deliver({ ...build, files }, inOrder(artifacts), { ...context, isAddition: true })
    sent += artifacts.length
  }
  return `${count(sent, 'file')} by URL`
}

/** Lists may be given as what is their only item. */
function entryOf(given: string | IncludeEntry): IncludeEntry {
  if (typeof given === 'string') return { paths: [given] }
  const { paths, ext, stripPrefix } = given
  if (!paths || [paths].flat().length === 0)
    throw new MapsealError(
      'sentry-compat',
      'An entry of "uploadLegacySourcemaps" has no "paths". Name files or folders.',
    )
  return {
    ...given,
    paths: [paths].flat(),
    ...(ext && { ext: [ext].flat() }),
    ...(stripPrefix && { stripPrefix: [stripPrefix].flat() }),
  }
}

async function* inOrder(artifacts: Artifact[]): AsyncIterable<Artifact> {
  yield* artifacts
}

async function legacyArtifacts(entry: IncludeEntry, cwd: string, maps: Map<string, Buffer>): Promise<Artifact[]> {
  const files = await collectLegacyFiles(entry, cwd)
  const scripts = files.filter(({ file }) => !file.endsWith('.map'))
  return Promise.all(scripts.map(script => legacyArtifact(script, entry, maps)))
}

/** A script without a debug ID gets one that nothing at run time knows: it is found by its URL. */
async function legacyArtifact(
  { file, path }: LegacyFile,
  entry: IncludeEntry,
  maps: Map<string, Buffer>,
): Promise<Artifact> {
  const code = await readFile(file)
  const comments = readTrailingComments(code)
  const debugId = comments.debugId ?? computeDebugId(path, hash => void hash.update(code))
  const found = mapFile(file, comments.mapUrl, entry.sourceMapReference !== false)
  const bytes = maps.get(file) ?? (found && (await readFile(found)))
  const map = bytes && editMapOrKeep(await rewriteMap(bytes, found ?? `${file}.map`, entry), { debugId }).map
  return { path: `${path}${entry.urlSuffix ?? ''}`, debugId, code, ...(map && { map }) }
}

/** By the comment, else by the name. */
function mapFile(file: string, mapUrl: string | undefined, isPairedByName: boolean): string | undefined {
  const isPath = mapUrl !== undefined && !/^(?:[a-z][\w+.-]*:|\/)/i.test(mapUrl)
  const named = isPath ? resolve(dirname(file), decodeURI(mapUrl.replace(/[?#].*$/, ''))) : undefined
  const guesses = isPairedByName ? [`${file}.map`, file.replace(/\.\w+$/, '.map')] : []
  return [named, ...guesses].find(path => path !== undefined && existsSync(path))
}
