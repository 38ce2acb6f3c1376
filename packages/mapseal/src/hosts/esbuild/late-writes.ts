import { existsSync, readFileSync, rmSync } from 'node:fs'
import { compressedEndings, isWrittenSince, type ResolvedOptions } from '@mapseal/core'

/** A build whose files are in memory alone, as far as we know. */
interface InMemory {
  /** Paths of source maps that must not be written. */
  maps: string[]
  scripts: SealedScript[]
  /** In milliseconds since 1970: older files belong to another build. */
  startedAt: number
  options: Pick<ResolvedOptions, 'logger' | 'onError'>
}

export interface SealedScript {
  path: string
  debugId: string | undefined
}

/**
 * Looks once more when the process has nothing left to do, or is ended: with `write: false`, a plugin before ours may write what
 * esbuild made, and compressed copies of it, after its `onEnd` has returned.
 */
export function watchLateWrites({ maps, scripts, startedAt, options }: InMemory): void {
  onExit(() => {
    const paths = maps.flatMap(path => ['', ...compressedEndings].map(ending => path + ending))
    const written = paths.filter(path => isWrittenSince(path, startedAt))
    for (const path of written) rmSync(path)
    if (written.length > 0) report(written.length, scripts.filter(script => !holdsId(script)).length, options)
  })
}

const looks: (() => void)[] = []

/** Calls all of them from one listener: Node warns of more than ten. A process that calls `exit` is never idle. */
function onExit(look: () => void): void {
  if (looks.length === 0) {
    const lookAtAll = () => {
      process.off('beforeExit', lookAtAll).off('exit', lookAtAll)
      for (const each of looks.splice(0)) each()
    }
    process.on('beforeExit', lookAtAll).on('exit', lookAtAll)
  }
  looks.push(look)
}

function report(maps: number, scripts: number, { logger, onError }: InMemory['options']): void {
  const removed = maps === 1 ? '1 source map, which was removed' : `${maps} source maps, which were removed`
  const unsealed = scripts === 1 ? '1 script without its ID' : `${scripts} scripts without their IDs`
  const wrote = scripts === 0 ? removed : `${removed}, and ${unsealed}`
  logger.error(`[mapseal] [scan] After the build, another plugin wrote ${wrote}. List mapseal() before that plugin.`)
  if (onError !== 'warn') process.exitCode = 1
}

/** Whether another plugin has written a script to the disk, as it was sealed or with changes. */
export function holdsId({ path, debugId }: SealedScript): boolean {
  return debugId !== undefined && existsSync(path) && readFileSync(path).includes(debugId)
}
