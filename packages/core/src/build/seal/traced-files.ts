import { readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { replaceFile } from './replace-file.ts'

/**
 * Takes source maps that are gone out of the lists of files to deploy that @vercel/nft makes (`*.nft.json`): Next.js copies what
 * they list to `standalone`, and hosts to their functions.
 */
export async function forgetTracedMaps(dir: string, files: string[], gone: Set<string>): Promise<void> {
  for (const path of files.filter(path => path.endsWith('.nft.json'))) {
    const list = join(dir, path)
    const trace = readTrace(await readFile(list, 'utf8'))
    const left = trace?.files.filter(file => !gone.has(resolve(dirname(list), file)))
    if (trace && left && left.length < trace.files.length)
      await replaceFile(list, Buffer.from(JSON.stringify({ ...trace, files: left })))
  }
}

function readTrace(json: string): { files: string[] } | undefined {
  try {
    const trace = JSON.parse(json)
    const { files } = trace
    return Array.isArray(files) && files.every(file => typeof file === 'string') ? trace : undefined
  } catch {
    return undefined // Another tool's file of this name.
  }
}
