import { createHash } from 'node:crypto'
import { basename, dirname, join } from 'node:path'
import type { BuildOptions, BuildResult } from 'esbuild'
import { keyOf } from './esbuild-outputs.ts'

/**
 * The path under which an entry carries the release, or undefined for what is no entry. A `[hash]` in `entryNames` was
 * made before the release came in, so it is hashed once more with it; the name stays as long. Where another script imports
 * the entry by that name, the entry cannot carry the release.
 */
export function carrierName(
  path: string,
  { metafile }: BuildResult,
  { entryNames }: BuildOptions,
  root: string,
  snippet: string,
): string | undefined {
  const outputs = metafile?.outputs ?? {}
  const key = keyOf(path, root)
  if (outputs[key]?.entryPoint === undefined) return undefined
  if (!entryNames?.includes('[hash]')) return path
  const isImported = Object.values(outputs).some(({ imports }) => imports.some(imported => imported.path === key))
  const hash = basename(path)
    .match(/[A-Z0-9]{8}/g)
    ?.at(-1)
  return isImported || !hash
    ? undefined
    : join(dirname(path), replaceLast(basename(path), hash, rehash(hash + snippet)))
}

/** In esbuild's own alphabet, base32 of eight characters. */
function rehash(text: string): string {
  const bytes = createHash('sha256').update(text).digest()
  return Array.from(bytes.subarray(0, 8), byte => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[byte % 32]).join('')
}

function replaceLast(text: string, search: string, replacement: string): string {
  const at = text.lastIndexOf(search)
  return text.slice(0, at) + replacement + text.slice(at + search.length)
}
