import { reason } from '../errors.ts'
import type { BuildRecord } from '../types.ts'
import type { Builds } from '../vault/builds.ts'
import type { LocatedFile } from './locate.ts'
import { locateById, locateByUrl, withMap } from './locate.ts'
import type { MapReader, OriginalPosition } from './map-reader.ts'
import type { UnresolvedReason } from './result.ts'
import type { StackFrame } from './stack-frame.ts'

/** Where the frames of one text are looked up. */
export interface Lookup {
  builds: Builds
  release: string | undefined
  debugIdOf: (url: string) => string | undefined
  mapOf: (file: LocatedFile['file']) => Promise<MapReader>
  contextLines: number
  note: (message: string) => void
  /** What was found, by URL. */
  located: Map<string, LocatedFile | Failure>
}

type Failure = { reason: UnresolvedReason; message: string }
export type Resolution = Failure | { located: LocatedFile; position: OriginalPosition }

export async function resolve(frame: StackFrame, lookup: Lookup): Promise<Resolution> {
  const located = lookup.located.get(frame.url) ?? (await locate(frame.url, lookup))
  lookup.located.set(frame.url, located)
  if ('reason' in located) return located
  const { file } = located
  if (!file.map) return { reason: 'no-map', message: file.problem ?? 'the vault holds no map of this file' }
  if (frame.column === undefined) return { reason: 'no-column', message: 'the stack gives no column' }
  try {
    const position = (await lookup.mapOf(file)).at(frame.line, frame.column, lookup.contextLines)
    if (position) return { located, position }
  } catch (cause) {
    return { reason: 'unreadable-map', message: `its map cannot be read: ${reason(cause)}` }
  }
  return { reason: 'no-mapping', message: 'its map has nothing at this position' }
}

async function locate(url: string, lookup: Lookup): Promise<LocatedFile | Failure> {
  const { builds, release } = lookup
  const debugId = lookup.debugIdOf(url)
  if (debugId) {
    for await (const build of builds.withId(debugId, release)) {
      const located = locateById([build], debugId, { url, release })
      if (located) return withMapOf(located, builds)
    }
    return { reason: 'unknown-debug-id', message: `no build in the vault holds debug ID ${debugId}` }
  }
  const located = locateByUrl(await builds.withName(url, release), url)
  if (!located) return { reason: 'unknown-file', message: 'no build in the vault holds a file of this name' }
  const readable = await withMapOf(located, builds)
  if (located.isPartial) lookup.note(partialNote(url, readable))
  if (located.rivals > 0) lookup.note(rivalsNote(readable))
  return readable
}

/** The same script of another build that has a map, where this one has none: a build may have made no maps. */
async function withMapOf(located: LocatedFile, builds: Builds): Promise<LocatedFile> {
  if (located.file.map) return located
  const others: BuildRecord[] = []
  for await (const build of builds.withId(located.file.debugId, undefined)) others.push(build)
  return withMap(located, others)
}

function partialNote(url: string, { build, file }: LocatedFile): string {
  const name = url.replace(/^.*[/\\]/, '').replace(/[?#].*$/, '')
  return `${name}: read as ${file.path} of build ${build.id}, its only file of this name.`
}

function rivalsNote({ build, file, rivals }: LocatedFile): string {
  const others = rivals === 1 ? 'another build holds' : `${rivals} other builds hold`
  return `${file.path}: read with build ${build.id}, but ${others} other code under this name. Give a release or the debug ID.`
}
