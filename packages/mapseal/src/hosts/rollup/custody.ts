import { resolve } from 'node:path'
import { editMapOrKeep, followChanges, isLeftBehind, mapPattern, readTrailingComments } from '@mapseal/core'
import type { OutputAsset, OutputChunk } from 'rollup'
import { bytesOf, textOf } from '../bytes.ts'
import type { BundleSealing, Stamp } from './bundle.ts'

/** A stamped script, where another plugin may change, rename or delete it. */
export interface Held {
  /** Below the output folder. */
  path: string
  stamp: Stamp
  code: string
  /** The map that fits the code. */
  map?: Buffer
}

/** The stamp of a file of the bundle, which another plugin may have renamed since. */
export function stampOf({ outDir, stamps, held }: BundleSealing, file: OutputChunk | OutputAsset): Stamp | undefined {
  const stamp = stamps.get(resolve(outDir, file.fileName))
  // The text of a file is not asked for without need: Rolldown copies it each time.
  if (stamp || held.size === 0 || mapPattern.test(file.fileName)) return stamp
  const { debugId } = readTrailingComments(codeOf(file))
  return debugId === undefined ? undefined : held.get(debugId)?.stamp
}

/**
 * The map for code that other plugins have changed since it was stamped. Where they changed the map with it, it is theirs;
 * where they left it as it was, it follows the code.
 */
export function mapOfChanged(
  { stamp, code: before, map: held }: Held,
  code: string,
  source: string | Uint8Array | undefined,
): { map?: Buffer; problem?: string } {
  const now = source === undefined ? undefined : bytesOf(source)
  const isTheirs = now && held && !now.equals(held)
  if (isTheirs && !isLeftBehind(held, now, before, code)) return { map: now }
  const map = held ?? now
  return map ? followChanges(map, before, code, stamp.debugId) : {}
}

/**
 * Keeps what other plugins took out of the bundle: they may have put it into a page, or into a file that they write. A map that
 * they left behind is the script's.
 */
export async function sealTaken({ bundle, outDir, session, held }: BundleSealing, keepsMaps: boolean): Promise<void> {
  for (const { path, stamp, code, map } of held.values()) {
    const { debugId, problem } = stamp
    const edited = map && editMapOrKeep(map, { debugId })
    const artifact = { path, debugId, code: Buffer.from(code), ...(edited && { map: edited.map }) }
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
