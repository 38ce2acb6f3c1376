import type { ResolvedOptions } from '../options.ts'
import { bare } from './report.ts'
import { stylePattern } from './scan.ts'

/** Whether a script is sealed, by its path below the output folder; style sheets always are. */
export type Selection = (path: string) => boolean

/** What `include` and `exclude` select, but for what `allow` leaves. The matcher is loaded only where there is one of them. */
export async function loadSelection({
  include,
  exclude,
  allow,
}: Pick<ResolvedOptions, 'include' | 'exclude' | 'allow'>): Promise<Selection> {
  const isAllowed = await loadAllowed({ allow })
  if (!include && exclude.length === 0) return path => !isAllowed(bare(path))
  const { createMatcher } = await import('./globs.ts')
  const isIncluded = include ? createMatcher(include) : () => true
  const isExcluded = createMatcher(exclude)
  return path => {
    const name = bare(path)
    return stylePattern.test(name) || (isIncluded(name) && !isExcluded(name) && !isAllowed(name))
  }
}

/** Whether the source of a file may be public, by its path below the output folder. */
export async function loadAllowed({ allow }: Pick<ResolvedOptions, 'allow'>): Promise<(path: string) => boolean> {
  if (allow.length === 0) return () => false
  const { createMatcher } = await import('./globs.ts')
  return createMatcher(allow)
}
