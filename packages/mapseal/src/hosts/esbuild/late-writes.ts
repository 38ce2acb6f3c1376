import { existsSync, readFileSync, rmSync, statSync } from 'node:fs'
import { type ResolvedOptions, readTrailingComments } from '@mapseal/core'
import type { OutputFile } from 'esbuild'
import { clockLagMs } from './outputs.ts'

/** A build whose files are in memory alone, as far as we know. */
interface InMemory {
  /** Paths of its maps, which nobody is to write. */
  maps: string[]
  scripts: Pick<OutputFile, 'path' | 'text'>[]
  /** In milliseconds since 1970: what is older is of another build. */
  startedAt: number
  options: Pick<ResolvedOptions, 'logger' | 'onError'>
}

const looks: (() => void)[] = []

/**
 * Looks once more when the process has nothing left to do: with `write: false`, a plugin before ours may write what esbuild made
 * without anyone waiting for it.
 */
export function watchLateWrites({ maps, scripts, startedAt, options }: InMemory): void {
  const ids = scripts.map(({ path, text }) => ({ path, debugId: readTrailingComments(text).debugId }))
  if (looks.length === 0) process.once('beforeExit', () => looks.splice(0).forEach(look => void look()))
  looks.push(() => {
    const isWritten = (path: string) => existsSync(path) && statSync(path).mtimeMs >= startedAt - clockLagMs
    const written = maps.filter(isWritten)
    for (const path of written) rmSync(path)
    if (written.length > 0) report(written.length, ids.filter(script => !holdsId(script)).length, options)
  })
}

function report(maps: number, scripts: number, { logger, onError }: InMemory['options']): void {
  const removed = maps === 1 ? '1 source map, which was removed' : `${maps} source maps, which were removed`
  const unsealed = scripts === 1 ? '1 script without its ID' : `${scripts} scripts without their IDs`
  const wrote = scripts === 0 ? removed : `${removed}, and ${unsealed}`
  logger.error(`[mapseal] [scan] After the build, another plugin wrote ${wrote}. List mapseal() before that plugin.`)
  if (onError !== 'warn') process.exitCode = 1
}

/** Whether another plugin has written a script to the disk, as it was sealed or with changes. */
export function holdsId({ path, debugId }: { path: string; debugId: string | undefined }): boolean {
  return debugId !== undefined && existsSync(path) && readFileSync(path).includes(debugId)
}
