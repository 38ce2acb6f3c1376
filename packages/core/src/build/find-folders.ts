import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { MapsealError } from '../errors.ts'
import { isIn } from '../vault/locate.ts'

/**
 * The folders that the arguments of a command name, none of them in another. An argument is a pattern only where no folder
 * has it for a name, as `app/[id]` may be one.
 *
 * @param part for the error
 * @returns as they were named, or as a pattern found them, relative to `cwd`
 * @throws MapsealError for a pattern that matches no folder
 */
export async function findFolders(part: string, named: string[], cwd: string): Promise<string[]> {
  const found = (await Promise.all(named.map(name => foldersOf(part, name, cwd)))).flat()
  const first = new Map<string, string>()
  for (const name of found) if (!first.has(resolve(cwd, name))) first.set(resolve(cwd, name), name)
  const paths = [...first.keys()]
  return paths
    .filter(path => paths.every(other => other === path || !isIn(path, other)))
    .map(path => first.get(path) as string)
}

async function foldersOf(part: string, name: string, cwd: string): Promise<string[]> {
  const isThere = await stat(resolve(cwd, name)).catch(() => undefined)
  if (isThere) return [name]
  const { findMatchingFolders, isPattern } = await import('./globs.ts')
  const pattern = process.platform === 'win32' ? name.replaceAll('\\', '/') : name
  if (!isPattern(pattern)) return [name]
  const folders = await findMatchingFolders(pattern, cwd)
  if (folders.length > 0) return folders
  throw new MapsealError(part, `"${name}" matches no folder below ${cwd}. Build first, or correct the pattern.`)
}
