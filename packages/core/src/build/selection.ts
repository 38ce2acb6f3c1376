import type { ResolvedOptions } from '../options.ts'
import { bare } from './report.ts'
import { stylePattern } from './scan.ts'

/** Whether a script is sealed, by its path below the output folder; style sheets always are. */
export type Selection = (path: string) => boolean

/** What `include` and `exclude` select. The matcher is loaded only where there is one of them. */
export async function loadSelection({
  include,
  exclude,
}: Pick<ResolvedOptions, 'include' | 'exclude'>): Promise<Selection> {
  if (!include && exclude.length === 0) return () => true
  const { createMatcher } = await import('./globs.ts')
  const isIncluded = include ? createMatcher(include) : () => true
  const isExcluded = createMatcher(exclude)
  return path => {
    const name = bare(path)
    return stylePattern.test(name) || (isIncluded(name) && !isExcluded(name))
  }
}
