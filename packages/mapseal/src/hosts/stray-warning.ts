import type { Logger } from '@mapseal/core'

/** How many are named. */
const mostNamed = 3

/** @param paths of source maps that belong to no script of the build */
export function warnOfStrays(paths: string[], logger: Logger): void {
  if (paths.length === 0) return
  const named = `${paths.slice(0, mostNamed).join(', ')}${paths.length > mostNamed ? ', …' : ''}`
  const [what, were] =
    paths.length === 1 ? ['a source map of no script', 'It was'] : ['source maps of no script', 'They were']
  logger.warn(
    `[mapseal] [maps] Another plugin emitted ${what} of the build: ${named}. ${were} taken out of the output and kept in the vault. Name it in "allow" if it may be public.`,
  )
}
