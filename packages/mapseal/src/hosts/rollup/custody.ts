import { resolve } from 'node:path'
import { followChanges, isLeftBehind, mapPattern, readTrailingComments } from '@mapseal/core'
import type { OutputAsset, OutputChunk } from 'rollup'
import { bytesOf, textOf } from '../bytes.ts'
import type { BundleSealing, Stamp } from './bundle.ts'

/** The stamp of a file of the bundle, which another plugin may have renamed since. */
export function stampOf({ outDir, stamps, byId }: BundleSealing, file: OutputChunk | OutputAsset): Stamp | undefined {
  const stamp = stamps.get(resolve(outDir, file.fileName))
  // The text of a file is not asked for without need: Rolldown copies it each time.
  if (stamp || byId.size === 0 || mapPattern.test(file.fileName)) return stamp
  const { debugId } = readTrailingComments(codeOf(file))
  return debugId === undefined ? undefined : byId.get(debugId)
}

/**
 * The map for code that other plugins have changed since it was stamped. Where they changed the map with it, it is theirs;
 * where they left it as it was, it follows the code.
 */
export function mapOfChanged(
  { debugId, code: before, held }: Stamp,
  code: string,
  source: string | Uint8Array | undefined,
): { map?: Buffer; problem?: string } {
  const now = source === undefined ? undefined : bytesOf(source)
  const isTheirs = now && held && !now.equals(held)
  if (isTheirs && (before === undefined || !isLeftBehind(held, now, before, code))) return { map: now }
  const map = held ?? now
  return map && before !== undefined ? followChanges(map, before, code, debugId) : map ? { map } : {}
}

/** Puts the comment with the ID back at the end, where other plugins have stripped it or put code behind it. */
export function withComment(code: string, debugId: string): string {
  const { bodyEnd } = readTrailingComments(code)
  // Its line stays, so that no other moves.
  const body = code.slice(0, bodyEnd).replaceAll(`//# debugId=${debugId}`, '')
  return `${body}\n//# debugId=${debugId}\n`
}

export function codeOf(file: OutputChunk | OutputAsset): string {
  return file.type === 'chunk' ? file.code : textOf(file.source)
}

export function setCode(file: OutputChunk | OutputAsset, code: string): void {
  if (file.type === 'chunk') file.code = code
  else file.source = code
}
