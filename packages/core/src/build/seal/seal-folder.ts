import { readFile, rm, stat } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'
import { mapLimit } from '../../concurrency.ts'
import { MapsealError } from '../../errors.ts'
import type { Connect } from '../../http/types.ts'
import { type ConnectedOptions, type Options, resolveOptions } from '../../options.ts'
import type { Report } from '../report.ts'
import { listFiles, scriptPattern, stylePattern } from '../scan.ts'
import { joinSession, type Participation } from '../session.ts'
import { renewCompressed } from './compressed-copies.ts'
import { findDataScripts } from './data-scripts.ts'
import { type Digests, readDigests } from './digests.ts'
import { findEqualScripts } from './equal-scripts.ts'
import type { MapPlace } from './find-map.ts'
import { type Pin, readHtmlPages } from './html-pages.ts'
import { renewInline } from './inline-digests.ts'
import { readNgsw } from './ngsw.ts'
import { findMapFiles } from './pair-maps.ts'
import { placeMaps } from './place-maps.ts'
import { replaceFile } from './replace-file.ts'
import { sealNamesake, sealStyle } from './seal-other.ts'
import { sealScript } from './seal-script.ts'
import { forgetTracedMaps } from './traced-files.ts'
import { findCopied } from './unmapped-by-design.ts'

/** A folder that is being sealed. */
export interface Folder {
  dir: string
  root: string
  options: ConnectedOptions
  session: Participation
  /** The paths of all files. */
  files: string[]
  /** The first script of each page: it carries the release. */
  first: Set<string>
  pins: Pin[]
  digests: Digests
  /** Where the map of each script is, by the script's path. */
  places: Map<string, MapPlace>
  /** Scripts that the framework copies into every build. */
  copied: Set<string>
  /** Maps that were read, by absolute path: they go once everything is in the vault. */
  sealedMaps: Set<string>
  /** What is to be written once everything is in the vault, in this order. */
  writes: { file: string; bytes: Buffer }[]
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
 * @param traits see `ConnectedOptions`
 * @throws MapsealError where one is not a folder or the vault cannot be written
 */
export async function sealFolders(
  dirs: string[],
  userOptions: Options = {},
  root: string = process.cwd(),
  connect?: Connect,
  traits: Pick<ConnectedOptions, 'urlPrefix' | 'mayBeRestored' | 'isRehearsal' | 'rewrite'> = {},
): Promise<Report> {
  const options: ConnectedOptions = {
    ...resolveOptions(userOptions),
    ...(connect && { connect }),
    ...traits,
  }
  for (const dir of dirs) await requireFolder(dir, resolve(root, dir))
  const session = await joinSession(options, root)
  try {
    const folders: Folder[] = []
    for (const dir of dirs) {
      const folder = await openFolder({ dir: resolve(root, dir), root, options, session })
      await keepFolder(folder)
      session.alsoScan(folder.dir)
      folders.push(folder)
    }
    await session.commit()
    if (!options.isRehearsal) for (const folder of folders) await rewriteFolder(folder)
  } catch (cause) {
    await session.leave('failed')
    throw isOfFileSystem(cause) ? unusable(cause) : cause
  }
  return (await session.leave('done')) as Report
}

function isOfFileSystem(cause: unknown): cause is NodeJS.ErrnoException {
  return cause instanceof Error && 'syscall' in cause
}

/** Source maps leave a folder last, so that nothing is lost. */
function unusable(cause: NodeJS.ErrnoException): MapsealError {
  const advice = 'Make room, or make the folder readable and writable, and run seal again to finish.'
  return new MapsealError('seal', `The folder was not sealed: ${cause.message}. ${advice}`, { cause })
}

async function requireFolder(name: string, path: string): Promise<void> {
  if ((await stat(path).catch(() => undefined))?.isDirectory()) return
  throw new MapsealError('seal', `${name} is not a folder. Name the folder that your build writes.`)
}

async function openFolder(place: Pick<Folder, 'dir' | 'root' | 'options' | 'session'>): Promise<Folder> {
  const { dir, session } = place
  const files = (await listFiles(dir)).filter(path => !session.allows(path))
  const pages = await readHtmlPages(dir, files)
  const isLeft = (path: string) => scriptPattern.test(path) && !session.selects(path, dir)
  return {
    ...place,
    files,
    first: pages.first,
    pins: [...pages.pins, ...(await readNgsw(dir, files))],
    digests: await readDigests(dir, files, isLeft),
    places: await placeMaps(dir, files),
    copied: await findCopied(dir, files),
    sealedMaps: new Set(),
    writes: [],
  }
}

/** Takes all of a folder into the vault, and changes nothing in it. */
async function keepFolder(folder: Folder): Promise<void> {
  const { dir, files, session, places, digests } = folder
  const data = await findDataScripts(folder)
  const isSealed = (path: string) => scriptPattern.test(path) && session.selects(path, dir) && !data.has(path)
  const scripts = files.filter(isSealed).map(path => ({ path, hasMap: places.get(path)?.kind !== 'none' }))
  const leaders = await findEqualScripts(dir, scripts, digests.isPinned)
  const inOrder: Folder['writes'][] = []
  for (const level of digests.levels) {
    folder.writes = []
    await mapLimit(
      level.filter(path => isSealed(path) && !leaders.has(path)),
      4,
      path => sealScript(folder, [path, ...followersOf(path, leaders)]),
    )
    await mapLimit(
      level.filter(path => stylePattern.test(path)),
      4,
      path => sealStyle(folder, path),
    )
    await mapLimit(
      level.filter(path => (data.has(path) || isNeither(path)) && digests.isHolder(path)),
      4,
      path => renewHolder(folder, path),
    )
    inOrder.push(folder.writes)
  }
  folder.writes = []
  await sealUnclaimed(folder)
  // What pins a file is written before it: a run after a kill then makes the same bytes, and so finishes the work.
  folder.writes = [...inOrder.reverse().flat(), ...folder.writes]
}

function isNeither(path: string): boolean {
  return !scriptPattern.test(path) && !stylePattern.test(path)
}

function followersOf(path: string, leaders: Map<string, string>): string[] {
  return [...leaders].filter(([, leader]) => leader === path).map(([follower]) => follower)
}

async function renewHolder({ dir, digests, writes }: Folder, path: string): Promise<void> {
  const file = join(dir, path)
  const before = await readFile(file)
  const after = renewInline(before, digests.renew(path, before))
  if (after === before) return
  digests.changed(before, after)
  writes.push({ file, bytes: after })
}

/** Maps that no script or style sheet led to: of types, or of a file that is gone. */
async function sealUnclaimed(folder: Folder): Promise<void> {
  const { dir, files, session, places, sealedMaps } = folder
  const claimed = new Set([...places.values()].map(place => (place.kind === 'file' ? place.file : undefined)))
  const rest = files.filter(path => !sealedMaps.has(join(dir, path)) && !claimed.has(join(dir, path)))
  const maps = [...(await findMapFiles(dir, rest)).keys()]
  await mapLimit(
    maps.filter(path => session.selects(path.replace(/\.map$/, ''), dir)),
    4,
    path => sealNamesake(folder, path),
  )
}

async function rewriteFolder({ dir, options, files, sealedMaps, writes }: Folder): Promise<void> {
  for (const { file, bytes } of writes) await replaceFile(file, bytes)
  const written = writes.map(({ file }) => relative(dir, file).split(sep).join('/'))
  await renewCompressed(dir, files, new Set(written), options.logger)
  if (options.output === 'keep') return
  for (const path of files) {
    const map = join(dir, path.replace(/\.(?:gz|br|zst)$/i, ''))
    if (sealedMaps.has(map)) await rm(join(dir, path), { force: true })
  }
  await forgetTracedMaps(dir, files, sealedMaps)
}
