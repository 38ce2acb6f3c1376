import { readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { bodyOf, movesCode } from '../../map/follow.ts'
import { fitsExactly } from '../../map/pairs.ts'
import type { MapPlace } from './find-map.ts'
import { groupBy } from './group-by.ts'

interface Mapped {
  path: string
  /** The source map that it leads to. */
  file: string
}

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
  const mapped = [...places].flatMap(([path, place]) => (place.kind === 'file' ? [{ path, file: place.file }] : []))
  const byMap = await groupBy(mapped, async ({ file }) => file)
  const strangers = new Map<string, string>()
  for (const sharing of byMap.filter(group => group.length > 1)) {
    const [{ file }] = sharing as [Mapped]
    const claims = await Promise.all(
      sharing.map(async ({ path }) => ({ path, code: bodyOf(await readFile(join(dir, path), 'utf8')) })),
    )
    const [first] = claims as [Claim]
    if (!claims.some(({ code }) => movesCode(first.code, code))) continue
    const map = await readFile(file)
    const fitting = claims.filter(({ code }) => fitsExactly(map, code))
    const [owner] = fitting
    const isCertain = owner && !fitting.some(({ code }) => movesCode(owner.code, code))
    const name = relative(dir, file).split(sep).join('/')
    const problem = isCertain
      ? `its source map ${name} is that of ${owner.path}`
      : `other scripts have the same source map ${name}, so it is not certain whose it is`
    for (const { path, code } of claims) if (!isCertain || movesCode(owner.code, code)) strangers.set(path, problem)
  }
  return strangers
}
