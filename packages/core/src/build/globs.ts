import glob from 'fast-glob'
// The matcher that fast-glob itself applies to what it finds: names that a bundler holds in memory are not on the disk.
import { convertPatternsToRe, matchAny } from 'fast-glob/out/utils/pattern.js'

// The one file that imports fast-glob, loaded when a pattern is given. It imports nothing of ours, or that would become a
// chunk of its own, which every build would load.

/** @returns whether a path, relative and with forward slashes, matches one of the patterns */
export function createMatcher(patterns: string[]): (path: string) => boolean {
  const expressions = convertPatternsToRe(
    patterns.map(pattern => pattern.replace(/^\.\//, '')),
    { dot: true, posix: true, strictSlashes: false },
  )
  return path => matchAny(path, expressions)
}

/** Whether the text can match more than itself. */
export function isPattern(text: string): boolean {
  return glob.isDynamicPattern(text)
}

/** The folders below `cwd` that match, sorted; links are not followed, and packages and version control are passed over. */
export async function findMatchingFolders(pattern: string, cwd: string): Promise<string[]> {
  const ignore = ['**/node_modules', '**/.git', '**/.mapseal']
  const options = { cwd, ignore, onlyDirectories: true, dot: true, followSymbolicLinks: false }
  return (await glob(pattern, options)).sort()
}
