import {
  computeDebugId,
  fits,
  isDeclarationMap,
  type Logger,
  mapPattern,
  mayBeMap,
  mayHoldMap,
  type Participation,
  readMapShape,
  scriptOf,
} from '@mapseal/core'
import { bytesOf } from './bytes.ts'

/**
 * Whether a file that no script leads to is a source map by its content: other plugins write them under names of their own.
 *
 * @param read gives the content; it is not called where the name is enough
 */
export function isStray(path: string, read: () => string | Uint8Array): boolean {
  if (!mayHoldMap(path)) return false
  const content = read()
  if (!mayBeMap(bytesOf(content.slice(0, 512)))) return false
  const bytes = bytesOf(content)
  return readMapShape(bytes, mapPattern.test(path)) !== undefined && !isDeclarationMap(path, bytes)
}

/**
 * The index of the script that a stray names in its `file`, if it fits it; -1 if there is none.
 *
 * @param scripts paths of those without a map
 */
export function ownerOf(path: string, map: Buffer, scripts: string[], codeAt: (index: number) => string): number {
  const { file } = readMapShape(map, true) ?? {}
  const script = file === undefined ? undefined : scriptOf(path, file, scripts)
  const index = script === undefined ? -1 : scripts.indexOf(script)
  return index >= 0 && fits(map, codeAt(index)) ? index : -1
}

/** Takes one that is of no script into the vault. */
export function keepStray(session: Participation, outDir: string, path: string, map: Buffer): Promise<void> {
  const debugId = computeDebugId(path, hash => void hash.update(map))
  return session.add(outDir, { path, debugId, code: Buffer.alloc(0), map })
}

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
