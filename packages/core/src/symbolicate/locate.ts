import type { BuildRecord, FileRecord } from '../types.ts'

export interface LocatedFile {
  build: BuildRecord
  file: FileRecord
  /** How many more builds hold other bytes under the same name; 0 for a file found by debug ID. */
  rivals: number
}

/** Code of these never came out of an output folder. */
const FOREIGN = /^(?:webpack|webpack-internal|[a-z-]+-extension|debugger|devtools|node):/

/** @param builds newest first; those of `release` go before all others. */
export function locateById(builds: BuildRecord[], debugId: string, release?: string): LocatedFile | undefined {
  const all = builds.flatMap(build =>
    build.files.filter(file => file.debugId === debugId).map(file => ({ build, file, rivals: 0 })),
  )
  return all.find(({ build }) => build.release?.name === release) ?? all[0]
}

/**
 * The file whose path the URL ends with, segment by segment; of several the one that matches the most segments, its
 * output folder included, and of those the newest.
 *
 * @param builds newest first
 */
export function locateByUrl(builds: BuildRecord[], url: string): LocatedFile | undefined {
  if (FOREIGN.test(url)) return
  const segments = pathSegments(url)
  let best = 0
  let found: { build: BuildRecord; file: FileRecord }[] = []
  for (const build of builds) {
    for (const file of build.files) {
      const length = matchLength(url, segments, file)
      if (length === 0 || length < best) continue
      if (length > best) found = []
      best = length
      found.push({ build, file })
    }
  }
  const [newest] = found
  if (!newest) return
  const rivals = new Set(
    found.filter(other => other.file.code.sha256 !== newest.file.code.sha256).map(other => other.build.id),
  )
  return { ...newest, rivals: rivals.size }
}

/** Decoded segments of a URL's or a file's path, without query and fragment. */
export function pathSegments(url: string): string[] {
  const [, path] = /^(?:blob:)?[a-z][a-z\d+.-]+:\/\/[^/]*(.*)$/is.exec(url) ?? []
  const segments = (path ?? url).replace(path === undefined ? /\?.*$/s : /[?#].*$/s, '').split(/[/\\]/)
  return segments.filter(segment => segment !== '' && segment !== '.').map(path === undefined ? String : decoded)
}

/**
 * How many segments agree, or 0 unless all of the file's own path do. Half of one more for a name with a query, such as
 * `app.js?v=3f2a`, that the URL has too. Packages under `node_modules` are never ours.
 */
function matchLength(url: string, segments: string[], file: FileRecord): number {
  const path = pathSegments(file.path)
  const length = countEqualFromEnd(segments, [...pathSegments(file.outDir), ...path])
  if (length < path.length) return 0
  if (segments.slice(0, segments.length - length).includes('node_modules')) return 0
  const [query] = /[?#].*$/s.exec(file.path) ?? []
  return query && url.endsWith(query) ? length + 0.5 : length
}

function countEqualFromEnd(first: string[], second: string[]): number {
  let count = 0
  while (count < second.length && count < first.length && first.at(-1 - count) === second.at(-1 - count)) count++
  return count
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
