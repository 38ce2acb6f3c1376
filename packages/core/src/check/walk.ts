import { readdir } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'

/** What there is below an output folder, by paths with forward slashes, sorted. */
export interface Output {
  files: string[]
  /** Files of installed packages. */
  ofPackages: string[]
  /** Folders. */
  vaults: string[]
  /** Symbolic links, which are not followed. */
  links: string[]
}

/** Lists everything but version control. */
export async function walkOutput(dir: string): Promise<Output> {
  const output: Output = { files: [], ofPackages: [], vaults: [], links: [] }
  const folders = [dir]
  for (const folder of folders) {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const file = join(folder, entry.name)
      const path = relative(dir, file).split(sep).join('/')
      const isOfPackage = /(?:^|\/)node_modules\//.test(path)
      if (entry.isSymbolicLink()) output.links.push(path)
      else if (entry.isFile()) (isOfPackage ? output.ofPackages : output.files).push(path)
      else if (entry.name === '.mapseal') output.vaults.push(path)
      else if (entry.isDirectory() && entry.name !== '.git') folders.push(file)
    }
  }
  for (const paths of Object.values(output)) paths.sort()
  return output
}
