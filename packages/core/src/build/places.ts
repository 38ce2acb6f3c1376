import { relative, resolve, sep } from 'node:path'

/** A folder that files are sealed into. */
interface Folder {
  /** Absolute. */
  dir: string
  /** As records have it: below the project's folder, with forward slashes. */
  outDir: string
}

/**
 * Finds out where a file is, by its output folder and its path below. A path that leads out of that folder, as Next's server has
 * them, is put below the folder it leads to.
 */
export function createPlaces(root: string): (outDir: string, path: string) => Folder & { path: string } {
  /** Found once: nearly all files are in the same one. */
  const folders = new Map<string, Folder>()

  function folderAt(outDir: string, up: string): Folder {
    const dir = resolve(outDir, up)
    const folder = { dir, outDir: relative(root, dir).split(sep).join('/') }
    folders.set(outDir + up, folder)
    return folder
  }

  return (outDir, path) => {
    const up = /^(?:\.\.\/)*/.exec(path)?.[0] ?? ''
    return { ...(folders.get(outDir + up) ?? folderAt(outDir, up)), path: path.slice(up.length) }
  }
}
