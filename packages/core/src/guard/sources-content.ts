import { readFileSync, realpathSync } from 'node:fs'
import { join, posix, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { objectStart } from '../map/edit.ts'
import { fillContents, type SourcedMap } from '../map/fill-contents.ts'
import type { Artifact } from '../types.ts'
import { isIn } from '../vault/locate.ts'

/**
 * - `keep`: as the bundler has it
 * - `fill`: what is missing is read from the disk
 * - `omit`: maps have positions and names alone
 */
export type SourcesContent = 'keep' | 'fill' | 'omit'

interface ParsedMap extends SourcedMap {
  sections?: { map: ParsedMap }[]
}

/** Where sources may be: the folders of the map, of the project, and the one that nothing outside of is read from. */
interface Places {
  folder: string
  root: string
  workspace: string
}

/** The artifact with the text of its originals, or without, as wanted. A map that is not JSON stays as it is. */
export function withSourcesContent(
  artifact: Artifact,
  policy: SourcesContent,
  outDir: string,
  places: Omit<Places, 'folder'>,
): Artifact {
  const { map } = artifact
  if (!map || policy === 'keep') return artifact
  const bytes = Buffer.from(map.buffer, map.byteOffset, map.length)
  const parsed = parse(bytes)
  const folder = join(outDir, posix.dirname(artifact.path))
  const isChanged = parsed && (policy === 'omit' ? omit(parsed) : fill(parsed, { ...places, folder }))
  if (!isChanged) return artifact
  const { gzip: _, ...rest } = artifact
  return { ...rest, map: Buffer.from(JSON.stringify(parsed)) }
}

function parse(bytes: Buffer): ParsedMap | undefined {
  try {
    return JSON.parse(bytes.toString('utf8', objectStart(bytes))) as ParsedMap
  } catch {
    return undefined // What is wrong with the map is reported elsewhere.
  }
}

function omit(map: ParsedMap): boolean {
  const isOfSections = (map.sections ?? []).map(section => omit(section.map)).includes(true)
  const hasContent = map.sourcesContent !== undefined
  delete map.sourcesContent
  return hasContent || isOfSections
}

function fill(map: ParsedMap, places: Places): boolean {
  const isOfSections = (map.sections ?? []).map(section => fill(section.map, places)).includes(true)
  return fillContents(map, (source, sourceRoot) => read(source, sourceRoot, places)) || isOfSections
}

/** Only of the workspace: a name may lead anywhere. */
function read(source: string, sourceRoot: string, { folder, root, workspace }: Places): string | null {
  const name = sourceRoot ? `${sourceRoot.replace(/\/$/, '')}/${source}` : source
  const ofBundler = /^webpack:\/\/[^/]*\/(?:\.\/)?(.*)$/.exec(name)?.[1]
  try {
    const file = name.startsWith('file://') ? fileURLToPath(name) : resolve(folder, name)
    const path = realpathSync(ofBundler === undefined ? file : resolve(root, ofBundler))
    return isIn(path, realpathSync(workspace)) ? readFileSync(path, 'utf8') : null
  } catch {
    return null // It is not there, such as the code of a plugin.
  }
}
