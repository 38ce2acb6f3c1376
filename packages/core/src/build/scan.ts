import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readCssTrailingComment, readTrailingComments } from '../inject/trailing-comments.ts'
import { isInlineMap } from '../map/inline.ts'
import { holdsMapLiteral } from '../map/literal.ts'
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
/** Pages, and scripts that are named otherwise: nothing is sealed in them. */
const mayHoldCode = /\.(?:x?html?|[jt]sx)$|(?:^|\/)[^./]+$/i
/** Also in a string, as of `eval`. */
const inlineComment = /(?:(?:^[\t ]*|\\n)\/\/|\/\*)[#@]\s*sourceMappingURL=(data:[^\s'"`<\\]+)/gm
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
    const file = join(dir, path)
    const isStyle = stylePattern.test(path)
    if (!scriptPattern.test(path) && !isStyle) {
      if (isMapFile(dir, path)) return { path, kind: 'map file' }
      // A program without an ending may be of machine code, and large.
      return mayHoldCode.test(path) && !readHead(file).includes(0) ? inlineLeak(dir, path) : undefined
    }
    const size = statSync(file).size
    // Of a style sheet only the comment at its end was taken.
    if (size === sealed.get(path) && !isStyle) return undefined
    const read = isStyle ? readCssTrailingComment : readTrailingComments
    const { mapUrl } = read(readEnd(file, size))
    if (mapUrl !== undefined && !links.has(mapUrl) && mayLeadToMap(dir, path, mapUrl))
      return { path, kind: mapUrl.startsWith('data:') ? 'inline map' : 'sourceMappingURL' }
    return inlineLeak(dir, path)
  }
  const { files, vaults, linked } = await list(dir)
  const leaks = files.map(leakOf).filter(leak => leak !== undefined)
  leaks.push(...linked.map((path): Leak => ({ path, kind: 'map file' })))
  return [...vaults.map((path): Leak => ({ path, kind: 'vault' })), ...leaks]
}

/** Reports such as webpack-bundle-analyzer's are pages with scripts of their own, whose objects are not looked at. */
function inlineLeak(dir: string, path: string): Leak | undefined {
  const code = readFileSync(join(dir, path))
  const kind = pagePattern.test(path) ? inlineCommentIn(code) : inlineMapIn(code)
  return kind && { path, kind }
}

/** Finds a map amid the code, such as that of a style sheet which was put into a script. */
export function inlineMapIn(code: Buffer): 'eval' | 'inline map' | undefined {
  return holdsMapLiteral(code) ? 'inline map' : inlineCommentIn(code)
}

function inlineCommentIn(code: Buffer): 'eval' | 'inline map' | undefined {
  if (!code.includes('sourceMappingURL=data:')) return undefined
  const comments = [...code.toString('latin1').matchAll(inlineComment)]
  const found = comments.find(([, url]) => isInlineMap(url))
  if (!found) return undefined
  return found[0].startsWith('\\n') && code.includes('eval(') ? 'eval' : 'inline map'
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

/** `linked` are links to source maps, which a server follows. */
async function list(dir: string): Promise<{ files: string[]; vaults: string[]; linked: string[] }> {
  const files: string[] = []
  const vaults: string[] = []
  const linked: string[] = []
  /** What the names in a folder begin with. */
  const folders = ['']
  for (const folder of folders) {
    for (const entry of await readdir(join(dir, folder), { withFileTypes: true })) {
      const path = folder + entry.name
      if (entry.isFile()) files.push(path)
      else if (entry.isSymbolicLink() && leadsToMap(dir, path)) linked.push(path)
      else if (entry.isDirectory() && entry.name === '.mapseal') vaults.push(path)
      else if (entry.isDirectory() && !['node_modules', '.git'].includes(entry.name)) folders.push(`${path}/`)
    }
  }
  return { files: files.sort(), vaults, linked: linked.sort() }
}

/** Whether a link has the name of a source map and leads to one. */
export function leadsToMap(dir: string, path: string): boolean {
  return mapPattern.test(path) && existsSync(join(dir, path)) && isMapFile(dir, path)
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
