import { join } from 'node:path'

/** Everything that the benchmarks write is in one of these, and git ignores all but the page. */
export const ROOT: string = import.meta.dirname
export const REPOSITORY: string = join(ROOT, '..')
export const APPS: string = join(ROOT, 'apps')
/** Output folders, vaults and homes of single builds; emptied before each. */
export const SCRATCH: string = join(ROOT, '.out')
export const RESULTS: string = join(ROOT, 'results')
export const PROFILES: string = join(RESULTS, 'profiles')
export const PAGE: string = join(REPOSITORY, 'docs/benchmarks.md')
