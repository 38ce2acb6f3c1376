import { mayLeadToMap } from '../build/link-target.ts'
import { leadsToMap, mapPattern, packPattern, scriptPattern, stylePattern } from '../build/scan.ts'
import { holdsMapLiteral } from '../map/literal.ts'
import { mayBePublic } from '../map/public.ts'
import type { CheckProblem } from './check.ts'
import { hasInlineMap, isMap } from './inline-maps.ts'
import { type TrailingComments, trailingComments } from './trailing-comments.ts'

/**
 * What a file reveals.
 *
 * @param mayHoldMaps whether the maps themselves may lie in the folder, but no link to them
 */
export function checkSealed(
  dir: string,
  path: string,
  bytes: Buffer,
  mayHoldMaps: boolean,
  isMeant: IsMeant,
): CheckProblem[] {
  const leak = (message: string): CheckProblem[] => [{ path, invariant: 'sealed', message }]
  if (packPattern.test(path)) return leak('is of a vault, and holds source maps')
  const isNamed = mapPattern.test(path)
  if (isNamed || (!scriptPattern.test(path) && isMap(bytes))) {
    if (mayHoldMaps || mayBePublic(path, bytes)) return []
    return leak(isNamed ? 'is a source map' : 'is a source map by its content')
  }
  if (bytes.includes('data:application/json') && hasInlineMap(bytes.toString('latin1')))
    return leak('holds an inline source map')
  if (scriptPattern.test(path) && holdsMapLiteral(bytes)) return leak('holds a source map in its code')
  if (!scriptPattern.test(path) && !stylePattern.test(path)) return []
  return checkLink(dir, path, trailingComments(bytes.toString()), isMeant)
}

/** Whether a script is meant to lead to this URL, by the option `link`. */
export type IsMeant = (url: string, script: { path: string; debugIds: string[] }) => boolean

export function checkLink(
  dir: string,
  path: string,
  { mapUrls, debugIds }: Pick<TrailingComments, 'mapUrls' | 'debugIds'>,
  isMeant: IsMeant,
): CheckProblem[] {
  const url = mapUrls.find(url => mayLeadToMap(dir, path, url) && !isMeant(url, { path, debugIds }))
  if (url === undefined) return []
  return [{ path, invariant: 'sealed', message: `points to a source map: ${url.slice(0, 100)}` }]
}

/** Symbolic links to source maps, which a server follows. */
export function checkLinked(dir: string, links: string[]): CheckProblem[] {
  const found = links.filter(path => leadsToMap(dir, path))
  return found.map(path => ({ path, invariant: 'sealed', message: 'is a link to a source map' }))
}

/** Vaults, and the maps of installed packages, one problem for each package. */
export function checkFolders(vaults: string[], ofPackages: string[]): CheckProblem[] {
  const maps = new Map<string, number>()
  for (const path of ofPackages.filter(path => mapPattern.test(path))) {
    const name = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? path
    maps.set(name, (maps.get(name) ?? 0) + 1)
  }
  const problem = (path: string, message: string): CheckProblem => ({ path, invariant: 'sealed', message })
  return [
    ...vaults.map(path => problem(path, 'is a vault, and holds source maps')),
    ...[...maps].map(([path, count]) =>
      problem(path, `is a package with ${count === 1 ? 'a source map' : `${count} source maps`}`),
    ),
  ]
}
