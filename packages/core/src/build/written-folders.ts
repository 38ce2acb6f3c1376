import { lstat, readdir, readFile } from 'node:fs/promises'
import { join, posix, relative, sep } from 'node:path'
import { readCssTrailingComment, readTrailingComments } from '../inject/trailing-comments.ts'
import { mapPattern, scriptPattern, stylePattern } from './scan.ts'

/** Folders that tools keep from one build to the next, and that are never deployed. */
const passedOver = new Set(
  'node_modules .git .mapseal cache .cache .angular .nx .parcel-cache .turbo .yarn .pnpm-store'.split(' '),
)

/** When each file was last changed, by path with forward slashes. */
type Times = Map<string, bigint>

/**
 * Notes the files of a project before a build.
 *
 * @returns finds the outermost output folders, relative to `root`, in which source maps or links to them were written since
 */
export async function watchForMaps(root: string): Promise<() => Promise<string[]>> {
  const before = await timesBelow(root)
  return async () => {
    const after = await timesBelow(root)
    const isWritten = (path: string) => after.get(path) !== before.get(path)
    const isOutput = outputsAmong([...after.keys()], isWritten)
    const outputs = new Set<string>()
    for (const path of [...after.keys()].filter(isWritten)) {
      if (await leadsToMap(join(root, path))) outputs.add(foldersAround(path).find(isOutput) ?? posix.dirname(path))
    }
    return [...outputs].sort()
  }
}

/** By the time of change (ctime): a tool that restores files from its cache may set the time of modification. */
async function timesBelow(root: string): Promise<Times> {
  const times: Times = new Map()
  const folders = [root]
  for (const folder of folders) {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const file = join(folder, entry.name)
      if (entry.isDirectory() && !passedOver.has(entry.name)) folders.push(file)
      if (entry.isFile())
        times.set(relative(root, file).split(sep).join('/'), (await lstat(file, { bigint: true })).ctimeNs)
    }
  }
  return times
}

async function leadsToMap(file: string): Promise<boolean> {
  if (mapPattern.test(file)) return true
  if (scriptPattern.test(file)) return readTrailingComments(await readFile(file)).mapUrl !== undefined
  return stylePattern.test(file) && readCssTrailingComment(await readFile(file)).mapUrl !== undefined
}

/**
 * Tells output folders: those that the build made as a whole, and those that it wrote files into directly, unless they are
 * packages that were there before, which it may write types or a list of routes into.
 */
function outputsAmong(files: string[], isWritten: (path: string) => boolean): (folder: string) => boolean {
  const old = new Set<string>()
  const direct = new Set<string>()
  const packages = new Set<string>()
  for (const path of files) {
    if (isWritten(path)) direct.add(posix.dirname(path))
    else for (const folder of foldersAround(path)) old.add(folder)
    if (posix.basename(path) === 'package.json' && !isWritten(path)) packages.add(posix.dirname(path))
  }
  return folder => !old.has(folder) || (direct.has(folder) && !packages.has(folder))
}

/** The outermost first. */
function foldersAround(path: string): string[] {
  const names = path.split('/').slice(0, -1)
  return names.map((_, index) => names.slice(0, index + 1).join('/'))
}
