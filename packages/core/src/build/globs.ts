import { posix } from 'node:path'
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

/** @returns whether an absolute path matches one of the patterns, which are relative to `cwd` or absolute; a folder has all below it */
export function createPathMatcher(patterns: string[], cwd: string, dot: boolean): (path: string) => boolean {
  const expressions = convertPatternsToRe(absolutePatterns(patterns, cwd), { dot, posix: true, strictSlashes: false })
  return path => matchAny(path.replaceAll('\\', '/'), expressions)
}

/** The files that match, absolute and sorted; links are not followed. */
export async function findMatchingFiles(patterns: string[], cwd: string): Promise<string[]> {
  const options = { cwd, absolute: true, onlyFiles: true, dot: false, followSymbolicLinks: false }
  return (await glob(absolutePatterns(patterns, cwd), options)).sort()
}

function absolutePatterns(patterns: string[], cwd: string): string[] {
  return patterns.flatMap(pattern => {
    // A backslash escapes on POSIX, and separates on Windows.
    const slashed = process.platform === 'win32' ? pattern.replaceAll('\\', '/') : pattern
    const isAbsolute = /^(?:\/|[a-z]:\/)/i.test(slashed)
    const whole = isAbsolute ? slashed : `${glob.escapePath(cwd.replaceAll('\\', '/'))}/${slashed}`
    const plain = posix.normalize(whole).replace(/\/$/, '')
    return glob.isDynamicPattern(slashed) ? [plain] : [plain, `${plain}/**`]
  })
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
