import { readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { mapLimit } from '../concurrency.ts'
import { MapsealError, reason } from '../errors.ts'
import { computeDebugId } from '../inject/debug-id.ts'
import { type Injected, inject } from '../inject/inject.ts'
import { readCssTrailingComment, readTrailingComments } from '../inject/trailing-comments.ts'
import { editMap, editMapOrKeep, readMapId } from '../map/edit.ts'
import { inlineMap } from '../map/inline.ts'
import { type ConnectedOptions, type Options, type ResolvedOptions, resolveOptions } from '../options.ts'
import type { Connect } from '../types.ts'
import { readHtmlScripts } from './html-scripts.ts'
import type { Report } from './report.ts'
import { listFiles, mapPattern, scriptPattern, stylePattern } from './scan.ts'
import { joinSession, type Participation } from './session.ts'

interface Folder {
  dir: string
  options: ResolvedOptions
  session: Participation
  /** The paths of all files. */
  files: string[]
  /** Maps that were read, by absolute path: they go once everything is in the vault. */
  sealedMaps: Set<string>
  /** What is to be written once everything is in the vault. */
  rewrites: (() => Promise<void>)[]
}

/** {@link sealFolders}, for one. */
export function sealFolder(dir: string, options?: Options, root?: string, connect?: Connect): Promise<Report> {
  return sealFolders([dir], options, root, connect)
}

/**
 * Seals folders that any tool built, as one build: the same line as the plugins, after the fact. Every map goes into the
 * vault before the script that needs it is rewritten, and out of its folder last, so that a kill loses nothing and a second
 * run finishes the work. File names do not change, and links are not followed.
 *
 * @param dirs none of them in another
 * @param root the project's folder, for the vault and for git
 * @throws MapsealError where one is not a folder or the vault cannot be written
 */
export async function sealFolders(
  dirs: string[],
  userOptions: Options = {},
  root: string = process.cwd(),
  connect?: Connect,
): Promise<Report> {
  const options: ConnectedOptions = { ...resolveOptions(userOptions), ...(connect ? { connect } : {}) }
  for (const dir of dirs) await requireFolder(dir, resolve(root, dir))
  const session = await joinSession(options, root)
  try {
    const folders: Folder[] = []
    for (const dir of dirs) {
      folders.push(await keepFolder({ dir: resolve(root, dir), options, session }))
    }
    await session.commit()
    for (const folder of folders) await rewriteFolder(folder)
  } catch (cause) {
    await session.leave('failed')
    throw cause
  }
  return (await session.leave('done')) as Report
}

async function requireFolder(name: string, path: string): Promise<void> {
  if ((await stat(path).catch(() => undefined))?.isDirectory()) return
  throw new MapsealError('seal', `${name} is not a folder. Name the folder that your build writes.`)
}

/** Takes all of a folder into the vault, and changes nothing in it. */
async function keepFolder(place: Pick<Folder, 'dir' | 'options' | 'session'>): Promise<Folder> {
  const { dir, session } = place
  const files = await listFiles(dir)
  const folder: Folder = { ...place, files, sealedMaps: new Set(), rewrites: [] }
  const pages = await readHtmlScripts(dir, files)
  await mapLimit(
    files.filter(path => scriptPattern.test(path) && session.selects(path, dir)),
    4,
    path => sealScript(folder, path, pages.first.has(path), pages.pinned.has(path)),
  )
  await mapLimit(
    files.filter(path => stylePattern.test(path)),
    4,
    path => sealStyle(folder, path),
  )
  const left = await excludedMaps(folder)
  const rest = files.filter(path => path.endsWith('.map') && !folder.sealedMaps.has(join(dir, path)))
  await mapLimit(
    rest.filter(path => !left.has(join(dir, path)) && session.selects(ownerOf(path), dir)),
    4,
    path => sealNamesake(folder, path),
  )
  return folder
}

/** The maps that scripts lead to which are left as they are: nothing of these is kept, so the maps have to stay. */
async function excludedMaps({ dir, files, session }: Folder): Promise<Set<string>> {
  const excluded = files.filter(path => scriptPattern.test(path) && !session.selects(path))
  const maps = await mapLimit(excluded, 4, async path => {
    const { mapUrl } = readTrailingComments((await readFile(join(dir, path))).toString('latin1'))
    return (await findMap(dir, path, mapUrl)).file
  })
  return new Set(maps.filter(file => file !== undefined))
}

async function rewriteFolder({ dir, options, files, sealedMaps, rewrites }: Folder): Promise<void> {
  for (const rewrite of rewrites) await rewrite()
  if (options.output === 'keep') return
  for (const path of files.filter(path => mapPattern.test(path))) {
    const map = join(dir, path.replace(/\.(?:gz|br|zst)$/i, ''))
    if (sealedMaps.has(map)) await rm(join(dir, path), { force: true })
  }
}

async function sealScript(folder: Folder, path: string, carriesRelease: boolean, isPinned: boolean): Promise<void> {
  const { dir, session, options, rewrites } = folder
  const file = join(dir, path)
  const code = await readFile(file)
  const found = await findMap(dir, path, readTrailingComments(code.toString('latin1')).mapUrl)
  const injected: Injected<Buffer> = isPinned
    ? { code, debugId: computeDebugId(path, hash => void hash.update(code)) }
    : inject(code, {
        path,
        snippet: session.snippet(carriesRelease),
        supplement: session.supplement(carriesRelease),
        mapDebugId: found.bytes && readMapId(found.bytes),
        takeId: id => session.takeId(id, file),
      })
  const { debugId, insertion } = injected
  let map = found.bytes
  let problem = found.problem ?? (isPinned ? 'a page pins its digest (integrity), so it was left as it is' : undefined)
  if (map) {
    const edited = editMapOrKeep(map, { insertion, debugId })
    map = edited.map
    problem = edited.problem ?? problem
  }
  const kept = map ?? (insertion ? undefined : await session.earlierMap(debugId))
  if (kept && !map) problem = undefined
  await session.add(dir, { path, debugId, code: injected.code, ...(kept ? { map: kept } : {}) }, problem)
  if (!injected.code.equals(code)) rewrites.push(() => replace(file, injected.code))
  if (!found.file) return
  folder.sealedMaps.add(found.file)
  const keptFile = found.file
  if (map && options.output === 'keep') rewrites.push(() => replace(keptFile, map))
}

/** A style sheet's map may have any name, as Next's do: only the comment leads to it. */
async function sealStyle(folder: Folder, path: string): Promise<void> {
  const code = await readFile(join(folder.dir, path))
  const { mapUrl } = readCssTrailingComment(code.toString('latin1'))
  if (mapUrl !== undefined) await sealOther(folder, path, code, await findMap(folder.dir, path, mapUrl))
}

/** A map that no script or style sheet led to: of types, or of a file that is gone. */
async function sealNamesake(folder: Folder, path: string): Promise<void> {
  const owner = ownerOf(path)
  const file = join(folder.dir, path)
  const code = await readFile(join(folder.dir, owner)).catch(() => undefined)
  const found = { bytes: await readFile(file), file }
  await (code ? sealOther(folder, owner, code, found) : sealOther(folder, path, Buffer.alloc(0), found))
}

function ownerOf(mapPath: string): string {
  return mapPath.slice(0, -'.map'.length)
}

/** A file that is not a script loses the comment that leads to its map. */
async function sealOther(
  { dir, session, sealedMaps, rewrites }: Folder,
  path: string,
  code: Buffer,
  found: FoundMap,
): Promise<void> {
  if (found.bytes && !isMap(found.bytes)) return // Some other kind of file that is called .map; the scan still reports it.
  const text = code.toString('latin1')
  const comments = stylePattern.test(path) ? readCssTrailingComment(text) : readTrailingComments(text)
  const sealed = comments.mapUrl === undefined ? code : Buffer.from(`${text.slice(0, comments.bodyEnd)}\n`, 'latin1')
  const debugId = computeDebugId(path, hash => void hash.update(sealed))
  if (found.bytes) await session.add(dir, { path, debugId, code: sealed, map: found.bytes })
  if (!sealed.equals(code)) rewrites.push(() => replace(join(dir, path), sealed))
  if (found.file) sealedMaps.add(found.file)
}

function isMap(bytes: Buffer): boolean {
  try {
    editMap(bytes, {})
    return true
  } catch {
    return false
  }
}

interface FoundMap {
  bytes?: Buffer
  /** Set where the map is a file of the folder, to be removed. */
  file?: string
  problem?: string
}

/** By the trailing comment, else beside the script; a URL of another host by its name alone. */
async function findMap(dir: string, path: string, url: string | undefined): Promise<FoundMap> {
  const file = join(dir, path)
  const inline = inlineMap(url)
  if (inline) return { bytes: inline }
  for (const candidate of [...candidates(dir, file, url), `${file}.map`]) {
    const bytes = await readFile(candidate).catch(cause => (cause.code === 'ENOENT' ? undefined : (cause as Error)))
    if (bytes instanceof Error) return { problem: `its source map cannot be read (${reason(bytes)})` }
    if (bytes) return (await isBelow(dir, candidate)) ? { bytes, file: candidate } : { bytes }
  }
  return { problem: url === undefined ? 'it has no source map' : `its source map ${url} does not exist` }
}

function candidates(dir: string, file: string, url: string | undefined): string[] {
  if (url === undefined) return []
  const path = decode(url.replace(/[?#].*$/, ''))
  if (path.startsWith('file:')) return [fileURLToPath(path)]
  const host = /^(?:https?:)?\/\/[^/]*\/(.*)$/.exec(path)
  if (host) return [join(dir, host[1] as string), join(dirname(file), (host[1] as string).split('/').at(-1) as string)]
  return path.startsWith('/') ? [join(dir, path), path] : [resolve(dirname(file), path)]
}

function decode(url: string): string {
  try {
    return decodeURIComponent(url)
  } catch {
    return url // A name with a bare percent sign.
  }
}

async function isBelow(dir: string, file: string): Promise<boolean> {
  const path = relative(await realpath(dir), await realpath(file))
  return !path.startsWith(`..${sep}`) && path !== '..'
}

/** A server of the folder meanwhile sees the old file or the new one. */
async function replace(file: string, bytes: Buffer): Promise<void> {
  const aside = `${file}.mapseal`
  const { mode } = await stat(file)
  await writeFile(aside, bytes, { mode })
  await rename(aside, file)
}
