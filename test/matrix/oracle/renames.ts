import { posix } from 'node:path'

/** Texts of the baseline's file names and hashes, with what the sealed build has instead. */
export type Renames = Map<string, string>

const word = /[\p{L}\p{N}_$.~-]{2,}/gu

/** Replaces whole words only: in code, a file's name stands between quotes or slashes, and a hash between quotes. */
export function rename(text: string, renames: Renames): string {
  return renames.size === 0 ? text : text.replace(word, match => renames.get(match) ?? match)
}

export function renamesOf(pairs: Iterable<readonly [string, string]>): Renames {
  const renames: Renames = new Map()
  for (const [before, after] of pairs) {
    const [from, to] = [posix.basename(before), posix.basename(after)]
    if (from === to) continue
    renames.set(from, to)
    renames.set(stem(from), stem(to))
    for (const [a, b] of tokens(from, to)) renames.set(a, b)
  }
  return renames
}

function stem(name: string): string {
  return name.replace(/\.[^.]+$/, '')
}

/** The parts of two names that differ and look like a hash. */
function tokens(from: string, to: string): [string, string][] {
  const [a, b] = [from.split(/[.=]/), to.split(/[.=]/)]
  if (a.length !== b.length) return []
  return a.flatMap((part, index): [string, string][] => {
    const other = b[index] as string
    return part !== other && /^[0-9a-f]{8,}$/.test(part) ? [[part, other]] : []
  })
}
