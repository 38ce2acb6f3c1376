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
import { joinSession, type Session } from './session.ts'

interface Folder {
  dir: string
  options: ResolvedOptions
  session: Session
  /** Maps that were read, by absolute path: they go once everything is in the vault. */
  sealedMaps: Set<string>
  /** What is to be written once everything is in the vault. */
  rewrites: (() => Promise<void>)[]
}

/**
 * Seals a folder that any tool built: the same line as the plugins, after the fact. Every map goes into the vault before
 * the script that needs it is rewritten, and out of the folder last, so that a kill loses nothing and a second run
 * finishes the work. File names do not change, and links are not followed.
 *
 * @param root the project's folder, for the vault and for git
 * @throws MapsealError where `dir` is not a folder or the vault cannot be written
 */
export async function sealFolder(
  dir: string,
  userOptions: Options = {},
  root: string = process.cwd(),
  connect?: Connect,
): Promise<Report> {
  const options: ConnectedOptions = { ...resolveOptions(userOptions), ...(connect ? { connect } : {}) }
  const folder = resolve(root, dir)
  if (!(await stat(folder).catch(() => undefined))?.isDirectory()) {
    throw new MapsealError('seal', `${dir} is not a folder. Name the folder that your build writes.`)
  }
  const session = await joinSession(options, root)
  try {
    await sealFiles({ dir: folder, options, session, sealedMaps: new Set(), rewrites: [] })
  } catch (cause) {
    await session.leave('failed')
    throw cause
  }
  return (await session.leave('done')) as Report
}

async function sealFiles(folder: Folder): Promise<void> {
  const files = await listFiles(folder.dir)
  const pages = await readHtmlScripts(folder.dir, files)
  await mapLimit(
    files.filter(path => scriptPattern.test(path)),
    4,
    path => sealScript(folder, path, pages.first.has(path), pages.pinned.has(path)),
  )
  await mapLimit(
    files.filter(path => stylePattern.test(path)),
    4,
    path => sealStyle(folder, path),
  )
  const rest = files.filter(path => path.endsWith('.map') && !folder.sealedMaps.has(join(folder.dir, path)))
  await mapLimit(rest, 4, path => sealNamesake(folder, path))
  await folder.session.commit()
  for (const rewrite of folder.rewrites) await rewrite()
  if (folder.options.output === 'keep') return
  for (const path of files.filter(path => mapPattern.test(path))) {
    const map = join(folder.dir, path.replace(/\.(?:gz|br|zst)$/i, ''))
    if (folder.sealedMaps.has(map)) await rm(join(folder.dir, path), { force: true })
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
  const owner = path.slice(0, -'.map'.length)
  const file = join(folder.dir, path)
  const code = await readFile(join(folder.dir, owner)).catch(() => undefined)
  const found = { bytes: await readFile(file), file }
  await (code ? sealOther(folder, owner, code, found) : sealOther(folder, path, Buffer.alloc(0), found))
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
