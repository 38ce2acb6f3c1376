import { readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { bodyOf, movesCode } from '../../map/follow.ts'
import { fitsExactly } from '../../map/pairs.ts'
import type { MapPlace } from './find-map.ts'

interface Claim {
  path: string
  code: string
}

/**
 * Scripts of different code that lead to one map, which is of one of them at most: tools that build for `import` and for `require`
 * into one folder write the second map over the first. The map stays with the script that it fits, if that is certain.
 *
 * @returns the problem of each script that loses the map, by its path
 */
export async function findStrangers(dir: string, places: Map<string, MapPlace>): Promise<Map<string, string>> {
  const byMap = new Map<string, string[]>()
  for (const [path, place] of places)
    if (place.kind === 'file') byMap.set(place.file, [...(byMap.get(place.file) ?? []), path])
  const strangers = new Map<string, string>()
  for (const [file, paths] of byMap) {
    if (paths.length === 1) continue
    const claims = await Promise.all(
      paths.map(async path => ({ path, code: bodyOf(await readFile(join(dir, path), 'utf8')) })),
    )
    if (!claims.some(claim => movesFrom(claims[0] as Claim, claim))) continue
    const map = await readFile(file)
    const fitting = claims.filter(({ code }) => fits(map, code))
    const [owner] = fitting
    const isCertain = owner && !fitting.some(claim => movesFrom(owner, claim))
    const name = relative(dir, file).split(sep).join('/')
    const problem = isCertain
      ? `its source map ${name} is that of ${owner.path}`
      : `other scripts have the same source map ${name}, so it is not certain whose it is`
    for (const claim of claims) if (!isCertain || movesFrom(owner, claim)) strangers.set(claim.path, problem)
  }
  return strangers
}

function movesFrom(one: Claim, other: Claim): boolean {
  return one !== other && movesCode(one.code, other.code)
}

function fits(map: Buffer, code: string): boolean {
  try {
    return fitsExactly(map, code)
  } catch {
    return false // It is malformed, which its edit would report.
  }
}
