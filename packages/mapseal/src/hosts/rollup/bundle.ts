import { resolve } from 'node:path'
import {
  computeDebugId,
  editMapOrKeep,
  emptyMap,
  type Insertion,
  inject,
  inlineMap,
  type MapSetting,
  type Participation,
  readMapId,
  readTrailingComments,
  shiftMappingsText,
  writeTrailingComments,
} from '@mapseal/core'
import type { OutputAsset, OutputBundle, OutputChunk } from 'rollup'
import { bytesOf } from '../bytes.ts'
import { withComments } from '../comment.ts'
import type { Scratch, Scratches } from '../scratch.ts'
import { codeOf, type Held, mapOfChanged, setCode, stampOf } from './custody.ts'
import { mapOf } from './map-assets.ts'
import { hasOriginal, whyUnmapped } from './originals.ts'
import { type LeftModules, withoutLeft } from './transform-watch.ts'

/** What was done to a file before other plugins saw it. */
export interface Stamp {
  debugId: string
  /** What the map does not know of yet. */
  insertion?: Insertion | undefined
  /** Where the bundle has no asset for it. */
  map?: Buffer
  problem?: string
  /** Where the script says that its map is. */
  link?: string | undefined
  /** Its modules that lead nowhere, since a plugin has moved their lines without a map of that; with the plugin. */
  left?: Map<string, string>
  /** Whether the map is another code's, so that it is of no use. */
  isUnfit?: true
  /** Whether it is the release's own script, which has no original. */
  isRelease?: boolean
}

export interface BundleSealing {
  bundle: OutputBundle
  /** The project's folder, absolute. */
  root: string
  outDir: string
  session: Participation
  /** By absolute path: outputs that differ in their folder alone may be in work at the same time. */
  stamps: Map<string, Stamp>
  /** The scripts of this bundle that are not sealed yet, by debug ID. */
  held: Map<string, Held>
  /** Names of maps that their content alone relates to a script, by its name. */
  paired: Map<string, string>
  /** Plugins that have changed a chunk and left its map as it was, by the chunk's preliminary name. */
  leftMaps: Map<string, string>
  /** Modules whose lines a plugin has moved without a map of that. */
  left: LeftModules
  /** What the user set, before maps were hidden or switched on. */
  setting: MapSetting
}

export interface ChunkTraits {
  carriesRelease: boolean
  /**
   * Whether the map must fit the code at once: Vite rebuilds some maps from the chunk's `map` object, and Rollup's users see
   * it. Otherwise it is read but once, when it is taken: on Rolldown each reading copies it out of Rust, and back.
   */
  editsMap: boolean
  /** Whether other plugins may change, rename or delete the file from here on. */
  isWatched: boolean
}

/** Injects into a chunk and edits its map to fit, wherever later plugins may look for it. */
export function stampChunk(
  sealing: BundleSealing,
  chunk: OutputChunk,
  { carriesRelease, editsMap, isWatched }: ChunkTraits,
): void {
  const { outDir, session, stamps, held } = sealing
  const path = resolve(outDir, chunk.fileName)
  const asset = editsMap ? mapOf(sealing, chunk) : undefined
  const map = asset ? bytesOf(asset.source) : inlineMap(readTrailingComments(chunk.code).mapUrl)
  const isLinked = map !== undefined || mapOf(sealing, chunk) !== undefined
  const link = isLinked ? (id: string) => session.link(chunk.fileName, id) : undefined
  const { code, debugId, insertion } = inject(chunk.code, {
    path: chunk.fileName,
    snippet: session.snippet(carriesRelease),
    supplement: session.supplement(carriesRelease),
    mapDebugId: map && readMapId(map),
    takeId: id => session.takeId(id, path),
    link,
  })
  chunk.code = code
  const left = sealing.left.in(chunk)
  const stamp: Stamp = {
    debugId,
    link: link?.(debugId),
    ...(left.size > 0 && { left }),
    ...unfitness(sealing, chunk),
  }
  stamps.set(path, stamp)
  const script: Held = { path: chunk.fileName, preliminary: chunk.preliminaryFileName, stamp, code }
  if (isWatched) held.set(debugId, script)
  if (!editsMap && !map) stamp.insertion = insertion
  else if (insertion && editsMap) shiftObject(chunk, insertion)
  if (!map) return
  const edited = editMapOrKeep(map, { insertion })
  if (edited.problem !== undefined) stamp.problem ??= edited.problem
  else if (asset) asset.source = edited.map
  else stamp.map = edited.map
  if (edited.problem === undefined) script.map = edited.map
}

/** Takes a script with its map into the vault, and the map out of the bundle. */
export async function sealScript(
  sealing: BundleSealing,
  file: OutputChunk | OutputAsset,
  keepsMaps: boolean,
  scratches: Scratches,
): Promise<void> {
  const { bundle, outDir, session, held } = sealing
  const asset = mapOf(sealing, file)
  const stamp = stampOf(sealing, file)
  const before = stamp && held.get(stamp.debugId)
  const isChanged = before !== undefined && before.code !== codeOf(file)
  if (isChanged) setCode(file, withComments(codeOf(file), before.stamp.debugId, before.stamp.link))
  const code = codeOf(file)
  const comments = readTrailingComments(code)
  const isForeign = comments.mapUrl !== stamp?.link
  if (isForeign) replaceLink(file, stamp?.link)
  const { debugId } = stamp ?? lateStamp(file)
  held.delete(debugId)
  const followed = isChanged ? mapOfChanged(before, file, asset?.source) : undefined
  const isReleaseScript = file.type === 'asset' && stamp?.isRelease === true
  // Another plugin may have moved the map elsewhere.
  const ownMap = stamp?.map ?? inlineMap(comments.mapUrl) ?? before?.map
  const own = asset ? asset.source : isReleaseScript ? emptyMap : (ownMap ?? prebuiltMap(file, stamp))
  const source = followed ? followed.map : own
  let map: Buffer | undefined
  let problem = stamp?.problem ?? followed?.problem
  if (source && !stamp?.isUnfit) {
    const { bytes, room } = scratches.map.hold(source)
    const edited = editMapOrKeep(bytes, { debugId, insertion: stamp?.insertion }, room)
    map = withoutLeft(edited.map, sealing, { path: file.fileName, stamp })
    problem ??= edited.problem
  } else problem ??= whyUnmapped(file, stamp)
  const artifact = {
    path: file.fileName,
    debugId,
    code: scratches.code.hold(isForeign ? codeOf(file) : code).bytes,
  }
  await session.add(outDir, map ? { ...artifact, map } : artifact, problem)
  if (!asset) return
  if (!keepsMaps) delete bundle[asset.fileName]
  else if (map) asset.source = Buffer.from(map)
}

/** What is left to do for a script whose map stays in the output, once the bundler has written it. */
export interface Written {
  path: string
  /** The absolute path of its map. */
  mapPath?: string
  stamp: Stamp
}

export function toWritten(sealing: BundleSealing, file: OutputChunk | OutputAsset): Written {
  const { outDir, stamps } = sealing
  const stamp = stamps.get(resolve(outDir, file.fileName))
  const asset = mapOf(sealing, file)
  if (readTrailingComments(codeOf(file)).mapUrl !== stamp?.link) replaceLink(file, stamp?.link)
  const written = { path: file.fileName, stamp: { ...(stamp ?? lateStamp(file)) } }
  if (asset) return { ...written, mapPath: resolve(outDir, asset.fileName) }
  written.stamp.problem ??= whyUnmapped(file, stamp)
  return written
}

/** Maps that stay and go nowhere else are edited where they lie: it costs less than to take them from the bundler. */
export async function sealWritten(
  { outDir, session }: BundleSealing,
  { path, mapPath, stamp: { debugId, insertion, problem } }: Written,
  scratch: Scratch,
): Promise<void> {
  const artifact = { path, debugId, code: Buffer.alloc(0) }
  if (!mapPath) return session.add(outDir, artifact, problem)
  let found = problem
  scratch.rewrite(mapPath, (bytes, room) => {
    const edited = editMapOrKeep(bytes, { debugId, insertion }, room)
    found ??= edited.problem
    return edited.map
  })
  await session.add(outDir, artifact, found)
}

/** @param mapUrl where it is to lead; undefined for nowhere */
function replaceLink(file: OutputChunk | OutputAsset, mapUrl: string | undefined): void {
  const code = codeOf(file)
  const { bodyEnd, debugId } = readTrailingComments(code)
  setCode(file, code.slice(0, bodyEnd) + writeTrailingComments({ debugId, mapUrl }))
}

function unfitness({ leftMaps }: BundleSealing, chunk: OutputChunk): Partial<Stamp> {
  const plugin = leftMaps.get(chunk.preliminaryFileName ?? chunk.fileName)
  if (plugin === undefined) return {}
  // A manifest of the framework leads nowhere, whatever was changed.
  if (!hasOriginal(chunk)) return { isUnfit: true }
  return { isUnfit: true, problem: `the plugin "${plugin}" changed it and left its source map as it was` }
}

/** The map that a plugin gave with a chunk which it had built before; the bundler writes none. */
function prebuiltMap(file: OutputChunk | OutputAsset, stamp: Stamp | undefined): Buffer | undefined {
  return file.type === 'chunk' && !stamp && file.map ? Buffer.from(JSON.stringify(file.map)) : undefined
}

/** Vite rebuilds the maps of some chunks from this object, and takes those of workers from it. */
function shiftObject(chunk: OutputChunk, insertion: Insertion): void {
  const { map } = chunk
  if (map) chunk.map = Object.assign(map, { mappings: shiftMappingsText(map.mappings, insertion) })
}

/** Stamps the map object of a chunk that stays in memory: Vite writes the source maps of workers from it. */
export function stampObject(sealing: BundleSealing, file: OutputChunk | OutputAsset): void {
  const stamp = stampOf(sealing, file)
  if (!stamp || file.type !== 'chunk' || !file.map) return
  const { debugId } = stamp
  file.map = Object.assign(file.map, { debugId, debug_id: debugId })
}

/** For a script that another plugin added after injection, such as polyfills; its bytes are left as its name promises. */
function lateStamp(file: OutputChunk | OutputAsset): Stamp {
  return { debugId: computeDebugId(file.fileName, hash => void hash.update(codeOf(file))) }
}
