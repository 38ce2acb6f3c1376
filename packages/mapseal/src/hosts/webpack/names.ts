import type { Compilation } from 'webpack'

/**
 * Whether the names of all scripts are made from their final content, so that they are honest by themselves. Otherwise the
 * snippet must be part of the hashes; not without need, since hashes stand in the code and a minifier names variables by what
 * stands there.
 */
export function namesAreRealHashes({ outputOptions, chunks, compiler }: Compilation): boolean {
  const { filename, chunkFilename, hashDigestLength = 20 } = outputOptions
  const own = [...chunks].map(chunk => chunk.filenameTemplate).filter(template => template !== undefined)
  const templates = new Set<unknown>([filename, chunkFilename, ...own])
  return (
    compiler.options.optimization.realContentHash === true &&
    [...templates].every(template => template === undefined || isRealHash(template, hashDigestLength))
  )
}

/** webpack looks for the hashes in the text of scripts, and since 5.113 it leaves those that are so short that words look like them. */
const shortestRealHash = 6

function isRealHash(template: unknown, defaultLength: number): boolean {
  if (typeof template !== 'string' || /\[(?:chunk|full)?hash/.test(template)) return false
  const hashes = [...template.matchAll(/\[contenthash(?:[^\]]*?:(\d+))?[^\]]*\]/g)]
  return hashes.every(([, length]) => Number(length ?? defaultLength) >= shortestRealHash)
}
