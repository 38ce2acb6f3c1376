import { posix } from 'node:path'
import { isMap, isScript } from './files.ts'
import { inlineMap, splitTail } from './tail.ts'
import type { Build, Files } from './types.ts'

/** Sorts what a build without the plugin wrote into files and the maps of scripts. */
export function toBuild(outDir: string, written: Files): Build {
  const maps: Files = new Map()
  const mapPaths = new Set<string>()
  for (const [path, code] of written) {
    if (!isScript(path)) continue
    const url = splitTail(code.toString()).mapUrls[0]
    const mapPath =
      [url && linked(path, url), `${path}.map`].find(name => name && written.has(name)) ?? named(path, written)
    const map = inlineMap(url) ?? written.get(mapPath)
    if (!map) continue
    maps.set(path, map)
    mapPaths.add(mapPath)
  }
  const files: Files = new Map([...written].filter(([path]) => !isMap(path) && !mapPaths.has(path)))
  return { outDir, files, maps }
}

function linked(path: string, url: string): string {
  return posix.join(posix.dirname(path), decodeURI(url))
}

/** Rollup's comment names a map as if it were in the script's folder; the map itself names its script. */
function named(path: string, written: Files): string {
  const file = `"file":"${posix.basename(path)}"`
  return (
    [...written].find(
      ([name, bytes]) => !isScript(name) && bytes.includes(file) && bytes.includes('"mappings"'),
    )?.[0] ?? ''
  )
}
