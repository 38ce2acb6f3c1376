import { isScript } from '../files.ts'
import { pairPaths, withoutHash } from '../oracle/pairs.ts'
import { rename, renamesOf } from '../oracle/renames.ts'
import type { Build, Files } from '../types.ts'

/** Paths that are not in both, or not with the same bytes. */
export function differences(first: Files, second: Files): string[] {
  const paths = [...new Set([...first.keys(), ...second.keys()])]
  return paths.filter(path => !same(first.get(path), second.get(path)))
}

/** I4: a name with a hash means the same bytes, whatever else differed between the two builds. */
export function checkNames(first: Files, second: Files, where: string): string[] {
  const shared = [...first.keys()].filter(path => second.has(path) && withoutHash(path) !== path)
  const broken = shared.filter(path => !same(first.get(path), second.get(path)))
  return broken.map(path => `I4 ${path}: same name, other bytes ${where}`)
}

export interface Releases {
  first: Build & { release: string; ids: Map<string, string> }
  second: Build & { release: string; ids: Map<string, string> }
  /** Names hold a hash, so that the same name must mean the same bytes. */
  isHashed: boolean
  hasHtml: boolean
  carriesRelease: boolean
  /** Debug IDs are ours, not another tool's. */
  hasOwnIds: boolean
}

/** I4: another release changes only the file that carries it, and those that name that file. */
export function checkReleases({ first, second, isHashed, hasHtml, hasOwnIds, carriesRelease }: Releases): string[] {
  const problems = isHashed ? checkNames(first.files, second.files, 'in another release') : []
  const { pairs } = pairPaths(first, second, isScript)
  const renames = renamesOf(pairs)
  const changed = pairs.filter(([a, b]) => a !== b || !same(first.files.get(a), second.files.get(b)))
  for (const [before, after] of changed) {
    const code = second.files.get(after)?.toString() ?? ''
    const isCarrier = code.includes(second.release)
    const isImporter = [...renames.values()].some(name => !after.includes(name) && code.includes(name))
    if (!isCarrier && !isImporter) problems.push(`I4 ${after}: changed with the release, which it does not carry`)
    // Another file's hash in place of one of the same length moves no column.
    const isOther = rename(first.files.get(before)?.toString() ?? '', renames) !== code
    if (hasOwnIds && isOther && first.ids.get(before) === second.ids.get(after))
      problems.push(`I4 ${after}: same ID, other bytes in another release`)
  }
  if (hasHtml && changed.length > 2)
    problems.push(`I4 ${changed.length} of ${pairs.length} scripts changed with the release`)
  const carriers = [...second.files.keys()].filter(
    path => isScript(path) && second.files.get(path)?.includes(second.release),
  )
  if (carriesRelease && carriers.length === 0) problems.push('no script carries the release')
  return problems
}

function same(a: Buffer | undefined, b: Buffer | undefined): boolean {
  return a !== undefined && b !== undefined && a.equals(b)
}
