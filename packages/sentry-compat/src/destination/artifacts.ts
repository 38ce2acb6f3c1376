import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, dirname, isAbsolute, resolve } from 'node:path'
import { type Artifact, type BuildRecord, editMapOrKeep, gzipMember } from '@mapseal/core'
import type { Options } from '../options.ts'
import type { Surroundings } from './destination.ts'
import { createSourceNames } from './source-names.ts'

interface Prepared {
  files: BuildRecord['files']
  artifacts: AsyncIterable<Artifact>
}

export async function* noArtifacts(): AsyncIterable<Artifact> {}

/** What of a build goes to the server: the selected scripts, each with the map of `resolveSourceMap` and its sources renamed. */
export async function prepareArtifacts(
  { sourcemaps = {} }: Options,
  surroundings: Surroundings,
  build: BuildRecord,
  artifacts: AsyncIterable<Artifact>,
  onMap: (path: string, map: Buffer) => void,
): Promise<Prepared> {
  const { place, logger } = surroundings
  const { assets, ignore, resolveSourceMap, rewriteSources } = sourcemaps
  const pathOf = (file: BuildRecord['files'][number]) => resolve(place.root, file.outDir, file.path)
  const isSelected = await selectionOf(assets, ignore, place.cwd)
  const selected = build.files.filter(file => isSelected(pathOf(file)))
  for (const file of build.files)
    logger.debug(`${pathOf(file)} is ${selected.includes(file) ? 'uploaded' : 'not uploaded'}.`)
  const paths = new Map(selected.map(file => [`${file.debugId}\0${file.path}`, pathOf(file)]))
  const rename = createSourceNames(rewriteSources, place.cwd)

  async function* prepared(): AsyncIterable<Artifact> {
    for await (const artifact of artifacts) {
      const path = paths.get(`${artifact.debugId}\0${artifact.path}`)
      if (path === undefined) continue
      const found =
        resolveSourceMap && (await resolvedMap(path, resolveSourceMap(path, urlBeside(path)), artifact.debugId))
      if (resolveSourceMap) logger.debug(`${path} has ${found ? `the source map ${found.path}` : "the bundler's map"}.`)
      const map = found?.map ?? artifact.map
      if (map) onMap(path, Buffer.from(map))
      yield map ? await withMap(artifact, await rename(Buffer.from(map), dirname(found?.path ?? path))) : artifact
    }
  }
  return { files: selected, artifacts: prepared() }
}

async function selectionOf(
  assets: string | string[] | undefined,
  ignore: string | string[] | undefined,
  cwd: string,
): Promise<(path: string) => boolean> {
  if (assets === undefined && ignore === undefined) return () => true
  const { createPathMatcher } = await import('@mapseal/core/globs')
  const isAsset = assets === undefined ? () => true : createPathMatcher([assets].flat(), cwd, false)
  const isIgnored = createPathMatcher([ignore ?? []].flat(), cwd, true)
  // A pattern may name scripts or source maps: they go together.
  return path => [path, `${path}.map`].some(isAsset) && !isIgnored(path)
}

/** What a script's comment would say, if it were not hidden. */
function urlBeside(path: string): string | undefined {
  return existsSync(`${path}.map`) ? `${encodeURIComponent(basename(path))}.map` : undefined
}

async function resolvedMap(
  artifactPath: string,
  answer: string | undefined | Promise<string | undefined>,
  debugId: string,
): Promise<{ path: string; map: Buffer } | undefined> {
  const given = await answer
  const path = given && (isAbsolute(given) ? given : resolve(dirname(artifactPath), given))
  if (!path || !existsSync(path)) return undefined
  return { path, map: editMapOrKeep(await readFile(path), { debugId }).map }
}

/** The same code with another map, packed as the vault packs. */
async function withMap(artifact: Artifact, map: Buffer): Promise<Artifact> {
  const { path, debugId, gzip } = artifact
  return {
    path,
    debugId,
    map,
    // The vault unpacks it when it is read, which does not happen where packed bytes are used.
    get code() {
      return artifact.code
    },
    ...(gzip && { gzip: { code: gzip.code, map: await gzipMember(map) } }),
  }
}
