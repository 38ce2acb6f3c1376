import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readCssTrailingComment, readTrailingComments } from '../inject/trailing-comments.ts'
import { inlineMap } from '../map/inline.ts'
import { mayBePublic } from '../map/public.ts'
import { mayBeMap, mayHoldMap, readMapShape } from '../map/shape.ts'
import { mayLeadToMap } from './link-target.ts'

/** A place in an output folder that shows source to anyone who requests it. */
export interface Leak {
  /** Below the folder, with forward slashes. */
  path: string
  kind: 'map file' | 'sourceMappingURL' | 'inline map' | 'eval' | 'vault'
}

const tailBytes = 4096
export const scriptPattern: RegExp = /\.[cm]?js$/i
export const stylePattern: RegExp = /\.css$/i
export const pagePattern: RegExp = /\.x?html?$/i
export const mapPattern: RegExp = /\.map(?:\.(?:gz|br|zst))?$/i
/** A pack of a vault, such as a copy of one. */
export const packPattern: RegExp = /(?:^|\/)packs\/\d{8}T\d{9}Z-[\da-f]{16}$/

/**
 * What is still public below `dir`: map files, and comments at the end of scripts and style sheets that lead to one.
 *
 * @param sealed sizes in bytes of files as they were sealed, by path: what still has its size is not read again
 * @param links URLs that scripts may lead to, by the option `link`
 */
export async function scanFolder(
  dir: string,
  sealed: Map<string, number> = new Map(),
  links: Set<string> = new Set(),
): Promise<Leak[]> {
  const leakOf = (path: string): Leak | undefined => {
    if (packPattern.test(path)) return { path, kind: 'vault' }
    if (!scriptPattern.test(path) && !stylePattern.test(path))
      return isMapFile(dir, path) ? { path, kind: 'map file' } : undefined
    const size = statSync(join(dir, path)).size
    if (size === sealed.get(path)) return undefined
    const read = stylePattern.test(path) ? readCssTrailingComment : readTrailingComments
    const { mapUrl } = read(readEnd(join(dir, path), size))
    if (mapUrl === undefined) return hasInlineMap(join(dir, path)) ? { path, kind: 'inline map' } : undefined
    if (links.has(mapUrl) || !mayLeadToMap(dir, path, mapUrl)) return undefined
    return { path, kind: mapUrl.startsWith('data:') ? 'inline map' : 'sourceMappingURL' }
  }
  const { files, vaults } = await list(dir)
  const leaks = files.map(leakOf).filter(leak => leak !== undefined)
  return [...vaults.map((path): Leak => ({ path, kind: 'vault' })), ...leaks]
}

/** A map in a comment amid the code, on a line of its own, which some engines obey. */
function hasInlineMap(file: string): boolean {
  const code = readFileSync(file)
  if (!code.includes('sourceMappingURL=data:')) return false
  const comments = code.toString('latin1').matchAll(/^[\t ]*\/\/[#@][\t ]*sourceMappingURL=(data:[^\s'"`]+)[\t ]*$/gm)
  return [...comments].some(([, url]) => !!readMapShape(inlineMap(url) ?? Buffer.alloc(0)))
}

/** By its name or by its content. */
function isMapFile(dir: string, path: string): boolean {
  const file = join(dir, path)
  if (mapPattern.test(path)) return !mayBePublic(path, readFileSync(file))
  if (!mayHoldMap(path) || !mayBeMap(readHead(file))) return false
  const bytes = readFileSync(file)
  return !!readMapShape(bytes) && !mayBePublic(path, bytes)
}

/** The beginning of a file, by which to tell whether it is worth reading on. */
export function readHead(file: string): Buffer {
  const bytes = Buffer.alloc(512)
  const descriptor = openSync(file, 'r')
  try {
    return bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, 0))
  } finally {
    closeSync(descriptor)
  }
}

/**
 * Every file below `dir`, with forward slashes, sorted. Links are not followed, so nothing outside is ever read or
 * changed; `node_modules`, vaults and hidden version control are not output.
 */
export async function listFiles(dir: string): Promise<string[]> {
  return (await list(dir)).files
}

async function list(dir: string): Promise<{ files: string[]; vaults: string[] }> {
  const files: string[] = []
  const vaults: string[] = []
  /** What the names in a folder begin with. */
  const folders = ['']
  for (const folder of folders) {
    for (const entry of await readdir(join(dir, folder), { withFileTypes: true })) {
      const path = folder + entry.name
      if (entry.isFile()) files.push(path)
      else if (entry.isDirectory() && entry.name === '.mapseal') vaults.push(path)
      else if (entry.isDirectory() && !['node_modules', '.git'].includes(entry.name)) folders.push(`${path}/`)
    }
  }
  return { files: files.sort(), vaults }
}

/** The end of a file as latin1; all of it where a `data:` URL may begin before that. */
function readEnd(path: string, size: number): string {
  const start = Math.max(0, size - tailBytes)
  const bytes = Buffer.alloc(size - start)
  const file = openSync(path, 'r')
  try {
    const end = bytes.toString('latin1', 0, readSync(file, bytes, 0, bytes.length, start))
    const isInsideData = start > 0 && /^[\w+/=%;:,.-]*\s*(?:\*\/\s*)?(?:$|\n\/\/#)/.test(end)
    return isInsideData ? readFileSync(path).toString('latin1') : end
  } finally {
    closeSync(file)
  }
}
