import { readFile } from 'node:fs/promises'
import { join, posix } from 'node:path'

/** The problem of a script that users cannot get a map for: the report counts it, without a warning. */
export const unmappedByDesign = 'the framework ships it without a source map'

const emptyChunk =
  /(?:^|;)\s*\(?(?:self|globalThis|window)(?:\.\w+|\["[^"]*"\])\s*=[^;{}]*\)\.push\(\[\[[^\]]*\],\s*\{(?:\s*["'\w./-]+:\s*\(\)\s*=>\s*\{\s*\},?)*\s*\}/

/** Next.js with webpack compresses it into a call. */
const nextManifest = /(?:^|;)\s*self\.__BUILD_MANIFEST\s*=/

/**
 * Whether a script without a map holds nothing that a source could be shown for: a manifest, a chunk of webpack without code in
 * its modules, or one that the framework copies into every build, as Next.js does with its polyfills.
 *
 * @param copied see {@link findCopied}
 */
export function isUnmappedByDesign(path: string, code: Buffer, copied: Set<string>): boolean {
  const start = code.toString('latin1', 0, 4096)
  return copied.has(path) || emptyChunk.test(start) || nextManifest.test(start)
}

/** The scripts of a folder that are copied into every build as they are: polyfills of Next.js, the service worker of Angular. */
export async function findCopied(dir: string, files: string[]): Promise<Set<string>> {
  const found = new Set<string>()
  for (const config of files.filter(path => posix.basename(path) === 'ngsw.json'))
    for (const name of serviceWorker) found.add(posix.join(posix.dirname(config), name))
  for (const manifest of files.filter(path => posix.basename(path) === 'build-manifest.json')) {
    for (const path of polyfillsIn(await readFile(join(dir, manifest), 'utf8')))
      found.add(posix.join(posix.dirname(manifest), path))
  }
  return found
}

const serviceWorker = ['ngsw-worker.js', 'safety-worker.js', 'worker-basic.min.js']

function polyfillsIn(json: string): string[] {
  try {
    const { polyfillFiles } = JSON.parse(json)
    return Array.isArray(polyfillFiles) ? polyfillFiles.filter(path => typeof path === 'string') : []
  } catch {
    return [] // Another tool's file of this name.
  }
}
