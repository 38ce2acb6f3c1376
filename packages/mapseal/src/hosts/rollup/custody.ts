import { resolve } from 'node:path'
import {
  debugIdsIn,
  editMapOrKeep,
  type Followed,
  followBoth,
  followChanges,
  mapPattern,
  readTrailingComments,
} from '@mapseal/core'
import type { OutputAsset, OutputChunk } from 'rollup'
import { bytesOf, textOf } from '../bytes.ts'
import { withComments } from '../comment.ts'
import type { BundleSealing, Stamp } from './bundle.ts'
import { mapOf } from './map-assets.ts'
import { withoutLeft } from './transform-watch.ts'

/** A stamped script, where another plugin may change, rename or delete it. */
export interface Held {
  /** Below the output folder. */
  path: string
  /** The name that a chunk keeps when a plugin renames it. */
  preliminary?: string
  stamp: Stamp
  code: string
  /** The map that fits the code. */
  map?: Buffer
  /** Why the map does not fit the code any more. */
  problem?: string
}

/** The stamp of a file of the bundle, which another plugin may have renamed since. */
export function stampOf({ outDir, stamps, held }: BundleSealing, file: OutputChunk | OutputAsset): Stamp | undefined {
  const stamp = stamps.get(resolve(outDir, file.fileName))
  // The text of a file is not asked for without need: Rolldown copies it each time.
  if (stamp || held.size === 0 || mapPattern.test(file.fileName)) return stamp
  const { debugId } = readTrailingComments(codeOf(file))
  return debugId === undefined ? renamed(held, file)?.stamp : held.get(debugId)?.stamp
}

/** A plugin that renames a chunk may rewrite it too. The chunk still names its map, which does not fit it any more. */
function renamed(held: BundleSealing['held'], file: OutputChunk | OutputAsset): Held | undefined {
  const name = file.type === 'chunk' ? file.preliminaryFileName : undefined
  return name === undefined ? undefined : [...held.values()].find(({ preliminary }) => preliminary === name)
}

/**
 * Whether another plugin put several scripts into this one. They are sealed as they were, and what became of them is settled
 * once the file is written.
 */
export function isMerged(sealing: BundleSealing, file: OutputChunk | OutputAsset): boolean {
  const { held } = sealing
  if (held.size === 0) return false
  const code = codeOf(file)
  if (held.get(stampOf(sealing, file)?.debugId ?? '')?.code === code) return false
  return debugIdsIn(code).filter(id => held.has(id)).length > 1
}

/**
 * The map for code that other plugins have changed since it was stamped. They may have changed the map with it, as a file of the
 * bundle, or as the object of the chunk.
 */
export function mapOfChanged(held: Held, file: OutputChunk | OutputAsset, source?: string | Uint8Array): Followed {
  if (held.problem !== undefined) return { problem: held.problem }
  const now = source === undefined ? undefined : bytesOf(source)
  const map = held.map ?? now
  if (!map) return {}
  const { code: before, stamp } = held
  const code = codeOf(file)
  const followed =
    !now || now.equals(map)
      ? followChanges(map, before, code, stamp.debugId)
      : followBoth({ code: before, map }, { code, map: now }, stamp.debugId)
  const theirs = followed.problem === undefined ? undefined : changedObject(file, map)
  return theirs ? { map: theirs } : followed
}

/**
 * Settles scripts before their maps are made anew from those that the chunks have: of one that does not fit its code, the new one
 * does not either.
 */
export function settleChanged(sealing: BundleSealing): void {
  const { bundle, held, stamps, outDir } = sealing
  for (const chunk of held.size > 0 ? Object.values(bundle) : []) {
    const script = held.get(stamps.get(resolve(outDir, chunk.fileName))?.debugId ?? '')
    if (!script?.map || chunk.type !== 'chunk' || chunk.code === script.code) continue
    const { problem } = followChanges(script.map, script.code, chunk.code, script.stamp.debugId)
    if (problem === undefined) continue
    const map = changedObject(chunk, script.map)
    if (!map) {
      script.problem = problem
      continue
    }
    const asset = mapOf(sealing, chunk)
    if (asset) asset.source = map
    chunk.code = withComments(chunk.code, script.stamp.debugId, script.stamp.link)
    Object.assign(script, { code: chunk.code, map })
  }
}

/** The map object of a chunk, if others have put it there. */
function changedObject(file: OutputChunk | OutputAsset, map: Buffer): Buffer | undefined {
  if (file.type !== 'chunk' || !file.map) return undefined
  const { mappings } = JSON.parse(map.toString()) as { mappings?: string }
  return file.map.mappings === mappings ? undefined : Buffer.from(file.map.toString())
}

/**
 * Keeps what other plugins took out of the bundle: they may have put it into a page, or into a file that they write. A map that
 * they left behind is the script's.
 */
export async function sealTaken(sealing: BundleSealing, keepsMaps: boolean): Promise<void> {
  const { bundle, outDir, session, held } = sealing
  for (const { path, stamp, code, map } of held.values()) {
    const { debugId, problem } = stamp
    const edited = map && editMapOrKeep(map, { debugId })
    const artifact = {
      path,
      debugId,
      code: Buffer.from(code),
      ...(edited && { map: withoutLeft(edited.map, sealing, { path, stamp }) }),
    }
    await session.add(outDir, artifact, problem ?? edited?.problem)
    if (edited && !keepsMaps) delete bundle[`${path}.map`]
  }
  held.clear()
}

export function codeOf(file: OutputChunk | OutputAsset): string {
  return file.type === 'chunk' ? file.code : textOf(file.source)
}

export function setCode(file: OutputChunk | OutputAsset, code: string): void {
  if (file.type === 'chunk') file.code = code
  else file.source = code
}
