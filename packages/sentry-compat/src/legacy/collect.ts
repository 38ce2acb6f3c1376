import { stat } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { listFiles, MapsealError } from '@mapseal/core'
import type { IncludeEntry } from '../options.ts'
import { readIgnored } from './ignore.ts'

/** A file to upload: where it is, and its path in the URL. */
export interface LegacyFile {
  file: string
  path: string
}

const defaultEndings = ['js', 'cjs', 'mjs', 'map', 'jsbundle', 'bundle']

/** The files of an entry, each once. @throws MapsealError for a path where nothing is */
export async function collectLegacyFiles(entry: IncludeEntry, cwd: string): Promise<LegacyFile[]> {
  const isIgnored = await readIgnored(
    entry.ignoreFile ? { ...entry, ignoreFile: resolve(cwd, entry.ignoreFile) } : entry,
  )
  const endings = (entry.ext ?? defaultEndings).map(ending => `.${ending.replace(/^\./, '')}`)
  const files = new Map<string, LegacyFile>()
  for (const given of entry.paths) {
    for (const found of await filesAt(given, cwd)) {
      if (isIgnored(found.path) || !endings.some(ending => found.file.endsWith(ending))) continue
      if (!files.has(found.file)) files.set(found.file, found)
    }
  }
  return [...files.values()]
}

async function filesAt(given: string, cwd: string): Promise<LegacyFile[]> {
  const { findMatchingFiles, isPattern } = await import('@mapseal/core/globs')
  const path = resolve(cwd, given)
  const found = await stat(path).catch(() => undefined)
  if (found?.isDirectory()) return (await listFiles(path)).map(name => ({ file: join(path, name), path: name }))
  if (found) return [{ file: path, path: basename(path) }]
  const base = isPattern(given) ? resolve(cwd, baseOf(given, isPattern)) : undefined
  const matching = base === undefined ? [] : await findMatchingFiles([given], cwd)
  if (base === undefined || matching.length === 0)
    throw new MapsealError('sentry-compat', `"uploadLegacySourcemaps" finds nothing at ${given}. Check the path.`)
  return matching.map(file => ({ file: resolve(file), path: relative(base, file).split(sep).join('/') }))
}

/** The folder of a glob: what comes before the first part that can match more than itself. */
function baseOf(pattern: string, isPattern: (text: string) => boolean): string {
  let base = pattern
  while (isPattern(base)) base = dirname(base)
  return base
}
