import { existsSync } from 'node:fs'
import { basename, isAbsolute, join, posix, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { renameSources } from '../map/rename-sources.ts'
import type { Artifact } from '../types.ts'
import { isIn } from '../vault/locate.ts'

/** A name that begins as an absolute path does, or a file's URL. */
const absolute = /^(?:\/|file:\/\/|[A-Za-z]:[\\/])/

/**
 * Names originals relative to their script where the bundler has absolute paths, so that none of this machine's leaves it. Of what
 * lies outside of the workspace, only the file's name is left.
 *
 * @param root the project's folder, which some bundlers mean by `/`: those paths stay
 */
export function withoutAbsoluteSources(artifact: Artifact, outDir: string, workspace: string, root: string): Artifact {
  const { path, map } = artifact
  if (!map) return artifact
  const json = Buffer.from(map.buffer, map.byteOffset, map.length)
  if (!hasAbsolute(json, workspace)) return artifact
  const folder = join(outDir, posix.dirname(path))
  const { gzip: _, ...rest } = artifact
  return {
    ...rest,
    map: renameSources(
      json,
      source => (isOfRoot(source, root) ? source : shortened(source, folder, workspace)),
      sourceRoot => absolute.test(sourceRoot),
    ),
  }
}

const absoluteInJson = /"(?:\\u0000)?(?:\/|file:\/\/|[A-Za-z]:(?:\\\\|\/))/

/** A look at the lists alone, which are short beside what they list. Among the names there may be a `"sources"` too. */
function hasAbsolute(json: Buffer, workspace: string): boolean {
  const key = '"source'
  for (let at = json.indexOf(key); at !== -1; at = json.indexOf(key, at + key.length)) {
    const [begin, rest] = /^(s|Root)"\s*:/.exec(json.toString('latin1', at + key.length, at + key.length + 20)) ?? []
    if (!begin) continue
    const start = at + key.length + begin.length
    const end = json.indexOf(rest === 's' ? ']' : ',', start)
    const list = json.toString('utf8', start, end === -1 ? json.length : end)
    if (absoluteInJson.test(list) || list.includes(`${workspace}/`)) return true
  }
  return false
}

function isOfRoot(source: string, root: string): boolean {
  return source.startsWith('/') && !existsSync(source) && existsSync(join(root, source))
}

function shortened(source: string, folder: string, workspace: string): string {
  // As Rollup marks what plugins made of a file.
  if (source.startsWith('\0')) return `\0${shortened(source.slice(1), folder, workspace)}`
  if (!absolute.test(source)) return source.replace(`${workspace}/`, '')
  const path = source.startsWith('file://') ? pathOf(source) : source
  if (!isAbsolute(path) || !isIn(path, workspace)) return basename(path.replaceAll('\\', '/'))
  return relative(folder, path).split(sep).join('/')
}

function pathOf(url: string): string {
  try {
    return fileURLToPath(url)
  } catch {
    return url
  }
}
