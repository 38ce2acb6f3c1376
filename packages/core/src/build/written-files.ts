import { statSync } from 'node:fs'

/** Files that were written with known bytes, by what the file system says of each: size, place and time. */
export interface WrittenFiles {
  /** Takes files, by absolute paths, that were written a moment ago; nothing else has run since. */
  add(paths: string[]): void
  /** Whether a file was certainly not written again. */
  has(path: string): boolean
}

export function writtenFiles(): WrittenFiles {
  const known = new Map<string, string>()
  return {
    add(paths) {
      const found = paths.flatMap(path => {
        const stats = statSync(path, { throwIfNoEntry: false })
        return stats ? [{ path, stats }] : []
      })
      const newest = Math.max(...found.map(({ stats }) => stats.ctimeMs))
      // A later write gets a later time, except within a tick of the clock: git has the same rule for its index.
      for (const { path, stats } of found) if (stats.ctimeMs < newest) known.set(path, stateOf(stats))
    },
    has(path) {
      const state = known.get(path)
      return state !== undefined && state === stateOf(statSync(path))
    },
  }
}

function stateOf({ size, ino, ctimeMs }: { size: number; ino: number; ctimeMs: number }): string {
  return `${size} ${ino} ${ctimeMs}`
}
