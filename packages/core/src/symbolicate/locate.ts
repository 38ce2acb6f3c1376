import type { BuildRecord, FileRecord } from '../types.ts'

export interface LocatedFile {
  build: BuildRecord
  file: FileRecord
  /** How many more builds hold other bytes under the same name; 0 for a file found by debug ID. */
  rivals: number
  /** Whether the URL has only the last part of the file's path. */
  isPartial?: true
}

/** Code of these never came out of an output folder. */
const FOREIGN = /^(?:webpack|webpack-internal|[a-z-]+-extension|debugger|devtools|node):/

/**
 * The file with an ID in one build that the URL names: see {@link fileOfUrl}.
 *
 * @param builds newest first; those of `release` go before all others
 */
export function locateById(
  builds: BuildRecord[],
  debugId: string,
  { url, release }: { url: string; release: string | undefined },
): LocatedFile | undefined {
  const holders = builds.filter(build => build.files.some(file => file.debugId === debugId))
  const build = holders.find(build => build.release?.name === release) ?? holders[0]
  const file = fileOfUrl(build?.files.filter(file => file.debugId === debugId) ?? [], url)
  return build && file && { build, file, rivals: 0 }
}

/** The same script of another build that has a map, where this one has none: a build may have made no maps. */
export function withMap(located: LocatedFile, builds: BuildRecord[]): LocatedFile {
  if (located.file.map) return located
  const { sha256 } = located.file.code
  for (const build of builds) {
    const file = build.files.find(file => file.map && file.code.sha256 === sha256)
    if (file) return { ...located, build, file }
  }
  return located
}

/**
 * Which of a build's files with the same ID a URL names: the one whose path it ends with, else a page with the script in it
 * where the URL has no script's name, else a script.
 */
export function fileOfUrl(files: FileRecord[], url: string): FileRecord | undefined {
  const segments = urlSegments(url)
  let best = 0
  let named: FileRecord | undefined
  for (const file of files) {
    const length = matchLength(url, segments, file)
    if (length <= best) continue
    best = length
    named = file
  }
  const isPage = !/\.(?!html?$)[^.]+$/i.test(segments.at(-1) ?? '')
  return named ?? files.find(({ fate }) => (fate === 'inlined') === isPage) ?? files[0]
}

/**
 * The file whose path the URL ends with, segment by segment; of several the one that matches the most segments, its
 * output folder included, and of those the newest. Else the one whose path ends with all of the URL's: `main.js` may be
 * served from `app/browser/`. If the newest build with such files has several, none is found. A file that a newer build of the
 * same project has at the same place counts, whichever folder was sealed there.
 *
 * @param builds newest first
 */
export function locateByUrl(builds: BuildRecord[], url: string): LocatedFile | undefined {
  if (FOREIGN.test(url)) return
  const segments = urlSegments(url)
  let best = 0
  let found: Candidate[] = []
  const partial: Candidate[] = []
  for (const build of builds) {
    for (const file of build.files) {
      const length = matchLength(url, segments, file)
      if (length === PARTIAL) partial.push({ build, file })
      if (length === 0 || length < best) continue
      if (length > best) found = []
      best = length
      found.push({ build, file })
    }
  }
  const [newest] = found
  if (!newest) return
  const others = found.filter(other => other.file.code.sha256 !== newest.file.code.sha256)
  if (best === PARTIAL && others.some(({ build }) => build.id === newest.build.id)) return
  const rivals = new Set(others.map(({ build }) => build.id)).size
  if (best === PARTIAL) return { ...newest, rivals, isPartial: true }
  const successor = partial.find(candidate => succeeds(candidate, newest, builds))
  if (!successor) return { ...newest, rivals }
  return { ...successor, rivals: rivals + (successor.file.code.sha256 === newest.file.code.sha256 ? 0 : 1) }
}

interface Candidate {
  build: BuildRecord
  file: FileRecord
}

/** Whether it is the same file of a newer build, which sealed a folder above the one that was sealed before. */
function succeeds({ build, file }: Candidate, before: Candidate, builds: BuildRecord[]): boolean {
  const isSame = build.project === before.build.project && placeOf(file) === placeOf(before.file)
  return isSame && builds.indexOf(build) < builds.indexOf(before.build)
}

function placeOf({ outDir, path }: FileRecord): string {
  return [...pathSegments(outDir), ...pathSegments(path)].join('/')
}

/** Less than one segment of a file whose own path matches. */
const PARTIAL = 0.25

/** A folder's URL stands for its page. */
function urlSegments(url: string): string[] {
  const bare = url.replace(/[?#].*$/s, '')
  const isFolder = bare.endsWith('/') || /^[a-z][a-z\d+.-]*:\/\/[^/]*$/i.test(bare)
  return isFolder ? [...pathSegments(url), 'index.html'] : pathSegments(url)
}

/** Decoded segments of a URL's or a file's path, without query and fragment. */
export function pathSegments(url: string): string[] {
  const [, path] = /^(?:blob:)?[a-z][a-z\d+.-]+:\/\/[^/]*(.*)$/is.exec(url) ?? []
  const segments = (path ?? url).replace(path === undefined ? /\?.*$/s : /[?#].*$/s, '').split(/[/\\]/)
  return segments.filter(segment => segment !== '' && segment !== '.').map(path === undefined ? String : decoded)
}

/**
 * How many segments agree, or 0 unless all of the file's own path do, or all of the URL's ({@link PARTIAL}). Half of one more for a name with a query, such as
 * `app.js?v=3f2a`, that the URL has too. Packages under `node_modules` are never ours.
 */
function matchLength(url: string, segments: string[], file: FileRecord): number {
  // Records of older versions have paths that lead out of the folder.
  const path = pathSegments(file.path).filter(segment => segment !== '..')
  const length = countEqualFromEnd(segments, [...pathSegments(file.outDir), ...path])
  if (length < path.length) return length > 0 && length === segments.length ? PARTIAL : 0
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
