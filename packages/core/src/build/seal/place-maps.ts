import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { mapLimit } from '../../concurrency.ts'
import { readTrailingComments } from '../../inject/trailing-comments.ts'
import { scriptPattern } from '../scan.ts'
import { findMap, type MapPlace } from './find-map.ts'
import { withoutObeyedLinks } from './obeyed-links.ts'
import { findMapFiles, pairByFile } from './pair-maps.ts'
import { findStrangers } from './shared-maps.ts'

/** Finds the map of each script, also of those that are left as they are: theirs stay with them. */
export async function placeMaps(dir: string, files: string[]): Promise<Map<string, MapPlace>> {
  const scripts = files.filter(path => scriptPattern.test(path))
  const found = await mapLimit(scripts, 4, async path => {
    const code = await readFile(join(dir, path))
    const mapUrl = readTrailingComments(code).mapUrl ?? withoutObeyedLinks(code).mapUrl
    return [path, await findMap(dir, path, mapUrl)] as const
  })
  const places = new Map(found)
  for (const [path, problem] of await findStrangers(dir, places)) places.set(path, { kind: 'none', problem })
  const unmapped = scripts.filter(path => places.get(path)?.kind === 'none')
  if (unmapped.length === 0) return places
  const claimed = new Set(found.map(([, place]) => (place.kind === 'file' ? place.file : undefined)))
  const unclaimed = files.filter(path => !claimed.has(join(dir, path)))
  for (const [script, map] of await pairByFile(dir, await findMapFiles(dir, unclaimed), unmapped))
    places.set(script, { kind: 'file', file: join(dir, map), isInside: true })
  return places
}
