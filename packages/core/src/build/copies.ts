import { readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { ReportedFile } from '../types.ts'
import { compressedPattern, compressionOf } from './compress.ts'
import type { OutputFolder } from './reconcile.ts'
import { mapPattern } from './scan.ts'
import { renew } from './seal/compressed-copies.ts'
import { isWrittenSince } from './written-since.ts'

/** Compresses scripts anew where a plugin before ours had done so before they were sealed: a server sends the copies. */
export async function renewCopies({ dir, outDir, names }: OutputFolder, files: ReportedFile[]): Promise<void> {
  const sealed = new Set(files.filter(file => file.outDir === outDir).map(({ path }) => path))
  const present = new Set(names)
  for (const copy of names.filter(name => compressedPattern.test(name))) {
    const path = copy.replace(compressedPattern, '')
    const compression = compressionOf(copy)
    if (!compression || !sealed.has(path) || !present.has(path)) continue
    const isNewer = statSync(join(dir, copy)).mtimeMs > statSync(join(dir, path)).mtimeMs
    if (!isNewer) await renew(join(dir, copy), readFileSync(join(dir, path)), compression)
  }
}

/**
 * Removes a compressed copy of a map that the vault has, which a plugin before ours has made.
 *
 * @param sealed paths of scripts and style sheets whose maps were taken
 * @param since milliseconds since 1970: what is older is of another build
 * @returns whether it was such a copy
 */
export function dropMapCopy(
  outDir: string,
  path: string,
  sealed: ReadonlyMap<string, unknown>,
  since: number,
): boolean {
  if (!compressedPattern.test(path) || !sealed.has(path.replace(mapPattern, ''))) return false
  const file = join(outDir, path)
  if (!isWrittenSince(file, since)) return false
  rmSync(file)
  return true
}
