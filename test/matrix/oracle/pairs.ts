import { posix } from 'node:path'
import { splitTail } from '../tail.ts'
import type { Build } from '../types.ts'
import { anySnippet, esbuildMarker } from './snippet.ts'

export interface Pairs {
  /** Baseline's path, sealed build's path. */
  pairs: [string, string][]
  /** Scripts without a partner. */
  missing: string[]
  extra: string[]
}

/** Finds for each path of the baseline the one that a build with other hashes gave the same file. */
export function pairPaths(baseline: Build, sealed: Build, wanted: (path: string) => boolean): Pairs {
  const befores = [...baseline.files.keys()].filter(wanted)
  const afters = new Set([...sealed.files.keys()].filter(wanted))
  const pairs: [string, string][] = []
  const missing: string[] = []
  const keys = [identity, withoutHash, withSources, withCode]
  let open = befores
  for (const key of keys) {
    const index = groupBy([...afters], path => key(path, sealed))
    const groups = groupBy(open, path => key(path, baseline))
    const later: string[] = []
    for (const [name, group] of groups) {
      const partners = index.get(name) ?? []
      // Files of one shape are interchangeable: same name but for the hash, same code but for hashes.
      if (partners.length !== group.length || (group.length > 1 && key !== withCode)) later.push(...group)
      else
        for (const [at, path] of group.entries()) {
          pairs.push([path, partners[at] as string])
          afters.delete(partners[at] as string)
        }
    }
    open = later
  }
  missing.push(...open)
  return { pairs, missing, extra: [...afters] }
}

function identity(path: string): string {
  return path
}

/** `main-AbC_1234.js`, `main.0123abcd.js`, `0123abcd.js` → a name that a rebuild keeps. */
export function withoutHash(path: string): string {
  const name = posix
    .basename(path)
    .replace(/[-~][\w-]{8}(?=\.)/, '*')
    .replace(/(^|[.=])[0-9a-f]{8,}(?=\.|$)/g, '$1*')
  return posix.join(posix.dirname(path), name)
}

function withSources(path: string, build: Build): string {
  const map = build.maps.get(path)
  const { sources } = map ? (JSON.parse(map.toString()) as { sources?: unknown }) : {}
  return withoutHash(path) + JSON.stringify(sources)
}

/** The code without the snippet, esbuild's marker and hashes. */
function withCode(path: string, build: Build): string {
  const code = splitTail(build.files.get(path)?.toString() ?? '').body
  const plain = code
    .replace(anySnippet, '')
    .replace(esbuildMarker, '')
    .replace(/[-~][\w-]{8}(?=\.)/g, '*')
    .replace(/[0-9a-f]{8,}/g, '*')
  return withSources(path, build) + plain
}

function groupBy<Item>(items: Item[], key: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item])
  return groups
}
