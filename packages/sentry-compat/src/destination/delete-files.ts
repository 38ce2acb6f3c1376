import { rm } from 'node:fs/promises'
import type { Options } from '../options.ts'
import type { Surroundings } from './destination.ts'

/** Deletes the files of `filesToDeleteAfterUpload` that `isDue` lets go. */
export async function deleteFiles(
  { sourcemaps }: Options,
  { place, logger }: Pick<Surroundings, 'place' | 'logger'>,
  isDue: (path: string) => boolean,
): Promise<void> {
  const patterns = [(await sourcemaps?.filesToDeleteAfterUpload) ?? []].flat()
  if (patterns.length === 0) return
  const { findMatchingFiles } = await import('@mapseal/core/globs')
  for (const path of (await findMatchingFiles(patterns, place.cwd)).filter(isDue)) {
    await rm(path, { force: true })
    logger.debug(`${path} is deleted.`)
  }
}
