import { type Size, sizes } from '../apps/pages.ts'
import { type Bundler, bundlers } from '../builds/types.ts'

/** One app built by one bundler. */
export interface Row {
  bundler: Bundler
  size: Size
}

/** What the repository's own plugin may cost at most, as processor time over the build without it. */
export interface Target {
  inject: number
  full: number
}

const targets: Record<string, Target> = {
  'vite8/S': { inject: 1.05, full: 1.2 },
  'vite8/M': { inject: 1.04, full: 1.15 },
  'vite8/L': { inject: 1.06, full: 1.12 },
  'esbuild/M': { inject: 1.05, full: 1.2 },
  'webpack/M': { inject: 1.02, full: 1.06 },
}
/** Allowed memory in every row, as a multiple of that of the build without the plugin. */
export const MEMORY_TARGET = 1.05

/** Rollup and Vite 7 take minutes for more than the small app and show nothing there that it does not. */
const all = bundlers.flatMap(bundler => sizes.map(size => ({ bundler, size })))
export const rows: Row[] = all.filter(({ bundler, size }) => {
  if (bundler === 'vite8' || bundler === 'esbuild') return true
  if (bundler === 'rollup' || bundler === 'vite7') return size === 'S'
  return size !== 'L'
})

export const nameOf = ({ bundler, size }: Row): string => `${bundler}/${size}`

export const targetOf = (row: Row): Target | undefined => targets[nameOf(row)]
