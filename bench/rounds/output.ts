import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** What a build left in its output folder. */
export interface Output {
  scripts: number
  scriptBytes: number
  /** Scripts that register an ID at run time or have one in a comment. */
  scriptsWithId: number
  maps: number
  mapBytes: number
}

const MARKS = [
  '//# debugId=',
  '_sentryDebugIds',
  '_posthogChunkIds',
  '//# chunkId=',
  'DD_SOURCE_CODE_CONTEXT',
  '__faroBundleId_',
]

export async function readOutput(folder: string): Promise<Output> {
  const paths = await readdir(folder, { recursive: true })
  const output: Output = { scripts: 0, scriptBytes: 0, scriptsWithId: 0, maps: 0, mapBytes: 0 }
  for (const path of paths) {
    const file = join(folder, path)
    if (path.endsWith('.map')) {
      output.maps += 1
      output.mapBytes += (await stat(file)).size
    }
    if (!/\.[cm]?js$/.test(path)) continue
    const code = await readFile(file)
    output.scripts += 1
    output.scriptBytes += code.length
    if (MARKS.some(mark => code.includes(mark))) output.scriptsWithId += 1
  }
  return output
}
