import { isAbsolute, posix, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { RewriteSources } from '../options.ts'

/** Renames the originals of a map; `mapDir` is the map's folder. */
export type RenameSources = (map: Buffer, mapDir: string) => Promise<Buffer>

/** Without a function of the user's, names are relative to `cwd`, and of the rest of the map nothing is read. */
export function createSourceNames(rewrite: RewriteSources | undefined, cwd: string): RenameSources {
  return async (map, mapDir) => {
    if (rewrite) return rewritten(map, mapDir, rewrite)
    const { renameSources } = await import('@mapseal/core/folder')
    return renameSources(map, source => relativeName(source, mapDir, cwd))
  }
}

interface ParsedMap {
  sources?: (string | null)[]
  sections?: { map?: ParsedMap }[]
}

function rewritten(map: Buffer, mapDir: string, rewrite: RewriteSources): Buffer {
  const parsed = JSON.parse(map.toString()) as ParsedMap
  const rename = (part: ParsedMap) => {
    if (Array.isArray(part.sources))
      part.sources = part.sources.map(source =>
        typeof source === 'string' ? rewrite(source, parsed, { mapDir }) : source,
      )
    for (const section of part.sections ?? []) if (section.map) rename(section.map)
  }
  rename(parsed)
  return Buffer.from(JSON.stringify(parsed))
}

/** `webpack://shop/./src/a.js` is `shop/src/a.js`; a path is found from the map's folder. */
function relativeName(source: string, mapDir: string, cwd: string): string {
  if (source.startsWith('\0') || source === '') return source
  if (/^file:\/\//i.test(source)) return fromFolder(fileURLToPath(source), cwd)
  const [, path] = /^[a-z][\w+.-]*:\/\/(.*)$/is.exec(source) ?? []
  if (path !== undefined) return posix.normalize(path.replace(/^\/+/, ''))
  return fromFolder(isAbsolute(source) ? source : resolve(mapDir, source), cwd)
}

function fromFolder(path: string, cwd: string): string {
  return relative(cwd, path).split(sep).join('/')
}
