import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileOf, type Pin } from './html-pages.ts'

/** The hash tables of Angular's service workers, by which they find out what is new: SHA-1 in hex by URL. */
export async function readNgsw(dir: string, files: string[]): Promise<Pin[]> {
  const pins: Pin[] = []
  for (const page of files.filter(path => /(?:^|\/)ngsw\.json$/.test(path))) {
    for (const [url, digest] of Object.entries(tableOf(await readFile(join(dir, page), 'utf8')))) {
      const path = fileOf(url, page, '', files)
      if (path !== undefined && typeof digest === 'string') pins.push({ page, path, digests: [digest] })
    }
  }
  return pins
}

function tableOf(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text).hashTable ?? {}
  } catch {
    return {} // Not of Angular.
  }
}
