import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { mapLimit } from '../../concurrency.ts'
import { isDeclarationMap } from '../../map/declaration.ts'
import { fits, scriptOf } from '../../map/pairs.ts'
import { type MapShape, mayBeMap, mayHoldMap, readMapShape } from '../../map/shape.ts'
import { mapPattern, readHead } from '../scan.ts'

/** The source maps of a folder by their content, whatever their names; by their paths. Not those of type declarations that show no source. */
export async function findMapFiles(dir: string, files: string[]): Promise<Map<string, MapShape>> {
  const found = new Map<string, MapShape>()
  await mapLimit(files.filter(mayHoldMap), 4, async path => {
    if (!mayBeMap(readHead(join(dir, path)))) return
    const bytes = await readFile(join(dir, path))
    const shape = readMapShape(bytes, mapPattern.test(path))
    if (shape && !isDeclarationMap(path, bytes)) found.set(path, shape)
  })
  return found
}

/**
 * Pairs maps that no comment leads to with scripts that have none, by what the maps say in their own `file`. Where it is not
 * certain, nothing is paired.
 *
 * @param maps those that are not claimed
 * @param unmapped paths of scripts without a map
 * @returns the map's path by the script's
 */
export async function pairByFile(
  dir: string,
  maps: Map<string, MapShape>,
  unmapped: string[],
): Promise<Map<string, string>> {
  const wanted = new Map<string, string[]>()
  for (const [map, { file }] of maps) {
    const script = file === undefined ? undefined : scriptOf(map, file, unmapped)
    if (script !== undefined) wanted.set(script, [...(wanted.get(script) ?? []), map])
  }
  const pairs = new Map<string, string>()
  for (const [script, [map, ...others]] of wanted) {
    if (map === undefined || others.length > 0) continue
    if (fits(await readFile(join(dir, map)), await readFile(join(dir, script), 'utf8'))) pairs.set(script, map)
  }
  return pairs
}
