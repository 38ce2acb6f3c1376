import { open, readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { mapLimit } from './concurrency.ts'
import { readCssTail, readTail } from './tail.ts'

/** A place in an output folder that shows source to whoever asks for it. */
export interface Leak {
  /** Below the folder, with forward slashes. */
  path: string
  kind: 'map file' | 'sourceMappingURL' | 'inline map'
}

const tailBytes = 4096
export const scriptPattern: RegExp = /\.[cm]?js$/i
export const stylePattern: RegExp = /\.css$/i
export const mapPattern: RegExp = /\.map(?:\.(?:gz|br|zst))?$/i

/** What is still public below `dir`: map files, and comments at the end of scripts and style sheets that lead to one. */
export async function scanFolder(dir: string): Promise<Leak[]> {
  const found = await mapLimit(await listFiles(dir), 16, async path => {
    if (mapPattern.test(path)) return { path, kind: 'map file' as const }
    if (!scriptPattern.test(path) && !stylePattern.test(path)) return undefined
    const read = stylePattern.test(path) ? readCssTail : readTail
    const { mapUrl } = read(await readEnd(join(dir, path)))
    if (mapUrl === undefined) return undefined
    return { path, kind: mapUrl.startsWith('data:') ? ('inline map' as const) : ('sourceMappingURL' as const) }
  })
  return found.filter(leak => leak !== undefined)
}

/**
 * Every file below `dir`, with forward slashes, sorted. Links are not followed, so nothing outside is ever read or
 * changed; `node_modules`, vaults and hidden version control are not output.
 */
export async function listFiles(dir: string): Promise<string[]> {
  const files: string[] = []
  const folders = [dir]
  for (const folder of folders) {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name)
      if (entry.isFile()) files.push(relative(dir, path).split(sep).join('/'))
      else if (entry.isDirectory() && !['node_modules', '.mapseal', '.git'].includes(entry.name)) folders.push(path)
    }
  }
  return files.sort()
}

/** The end of a file as latin1; all of it where a `data:` URL may begin before that. */
async function readEnd(path: string): Promise<string> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const start = Math.max(0, size - tailBytes)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - start), 0, size - start, start)
    const end = buffer.toString('latin1', 0, bytesRead)
    const isInsideData = start > 0 && /^[\w+/=%;:,.-]*\s*(?:\*\/\s*)?(?:$|\n\/\/#)/.test(end)
    return isInsideData ? (await readFile(path)).toString('latin1') : end
  } finally {
    await file.close()
  }
}
