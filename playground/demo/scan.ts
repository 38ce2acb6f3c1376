import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface Script {
  /** Relative to the output folder. */
  path: string
  bytes: number
  /** The debug IDs in its `//# debugId=` comments; one, if all is well. */
  debugIds: string[]
}

/** What anyone can see of an output folder; nothing here is Mapseal's own code. */
export interface Scan {
  files: number
  scripts: Script[]
  /** Paths of files that are maps, or that lead to one or hold one. */
  maps: string[]
  references: string[]
}

export async function scan(folder: string): Promise<Scan> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(folder.length + 1))
  const texts = await Promise.all(paths.map(path => readFile(join(folder, path), 'latin1')))
  const files = paths.map((path, index) => ({ path, text: texts[index] ?? '' }))
  const scripts = files.filter(({ path }) => path.endsWith('.js'))
  return {
    files: files.length,
    scripts: scripts.map(({ path, text }) => ({ path, bytes: text.length, debugIds: debugIdsOf(text) })),
    maps: files.filter(({ path }) => path.endsWith('.map')).map(({ path }) => path),
    references: files.filter(({ text }) => /sourceMappingURL|sourcesContent/.test(text)).map(({ path }) => path),
  }
}

function debugIdsOf(text: string): string[] {
  return [...text.matchAll(/^\/\/# debugId=(\S+)$/gm)].map(([, id = '']) => id)
}

/** What is wrong with it, a line each. */
export function complaintsOf({ scripts, maps, references }: Scan): string[] {
  const ids = scripts.flatMap(script => script.debugIds)
  const unidentified = scripts.filter(script => script.debugIds.length !== 1).map(script => script.path)
  return [
    ...list('maps in the output', maps),
    ...list('files that lead to a map', references),
    ...list('scripts without exactly one debug ID', unidentified),
    ...list('debug IDs of several scripts', [...new Set(ids.filter((id, index) => ids.indexOf(id) !== index))]),
  ]
}

function list(what: string, paths: string[]): string[] {
  if (paths.length === 0) return []
  return [`${paths.length} ${what}: ${paths.slice(0, 3).join(', ')}${paths.length > 3 ? '…' : ''}`]
}
