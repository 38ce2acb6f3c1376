import { readFile, realpath, stat } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { reason } from '../../errors.ts'
import { inlineMap } from '../../map/inline.ts'

/** Where the source map of a file is. */
export type MapPlace =
  | { kind: 'inline'; url: string }
  /** `isInside` the folder that is sealed, so that it is to be taken out of it. */
  | { kind: 'file'; file: string; isInside: boolean }
  | { kind: 'none'; problem: string }

/** Finds it by the trailing comment, else beside the file; a URL of another host by its name alone. */
export async function findMap(dir: string, path: string, url: string | undefined): Promise<MapPlace> {
  const file = join(dir, path)
  if (url?.startsWith('data:') && inlineMap(url)) return { kind: 'inline', url }
  for (const candidate of [...candidates(dir, file, url), `${file}.map`]) {
    const entry = await stat(candidate).catch(() => undefined)
    if (entry?.isFile()) return { kind: 'file', file: candidate, isInside: await isBelow(dir, candidate) }
  }
  return { kind: 'none', problem: url === undefined ? 'it has no source map' : `its source map ${url} does not exist` }
}

export async function readMap(place: MapPlace): Promise<{ bytes?: Buffer; problem?: string }> {
  if (place.kind === 'none') return { problem: place.problem }
  if (place.kind === 'inline') return { bytes: inlineMap(place.url) as Buffer }
  try {
    return { bytes: await readFile(place.file) }
  } catch (cause) {
    return { problem: `its source map cannot be read (${reason(cause)})` }
  }
}

function candidates(dir: string, file: string, url: string | undefined): string[] {
  if (url === undefined) return []
  const path = decode(url.replace(/[?#].*$/, ''))
  if (path.startsWith('file:')) return fileOf(path)
  const host = /^(?:https?:)?\/\/[^/]*\/(.*)$/.exec(path)
  if (host) return [join(dir, host[1] as string), join(dirname(file), (host[1] as string).split('/').at(-1) as string)]
  return path.startsWith('/') ? [join(dir, path), path] : [resolve(dirname(file), path)]
}

function fileOf(url: string): string[] {
  try {
    return [fileURLToPath(url)]
  } catch {
    return [] // Of another machine.
  }
}

function decode(url: string): string {
  try {
    return decodeURIComponent(url)
  } catch {
    return url // A name with a bare percent sign.
  }
}

export async function isBelow(dir: string, file: string): Promise<boolean> {
  const path = relative(await realpath(dir), await realpath(file))
  return !path.startsWith(`..${sep}`) && path !== '..'
}
