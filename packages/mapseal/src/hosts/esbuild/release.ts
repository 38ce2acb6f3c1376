import { basename, dirname, join, resolve } from 'node:path'
import type { BuildOptions, BuildResult } from 'esbuild'
import { rehash } from './rehash.ts'

/**
 * Gives the path under which an entry carries the release, or undefined for a file that is not an entry. esbuild sets `entryPoint` for lazy
 * chunks too, but only those are imported by other scripts. A `[hash]` in `entryNames` was computed before the release was
 * added, so it is hashed once more with it; the length of the name stays the same.
 */
export function carrierNames(
  { metafile }: BuildResult,
  { entryNames }: BuildOptions,
  root: string,
  snippet: string,
): (path: string) => string | undefined {
  const outputs = metafile?.outputs ?? {}
  const imported = new Set(Object.values(outputs).flatMap(({ imports }) => imports.map(({ path }) => path)))
  const entries = Object.keys(outputs).filter(key => outputs[key]?.entryPoint !== undefined && !imported.has(key))
  const paths = new Set(entries.map(key => resolve(root, key)))
  return path => {
    if (!paths.has(path)) return undefined
    return entryNames?.includes('[hash]') ? renamed(path, snippet) : path
  }
}

function renamed(path: string, snippet: string): string | undefined {
  const hash = /^.*([A-Z0-9]{8})/.exec(basename(path))?.[1]
  return hash && join(dirname(path), replaceLast(basename(path), hash, rehash(hash + snippet)))
}

export function replaceLast(text: string, search: string, replacement: string): string {
  const at = text.lastIndexOf(search)
  return text.slice(0, at) + replacement + text.slice(at + search.length)
}
