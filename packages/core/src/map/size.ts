import type { Artifact } from '../types.ts'

/** In bytes. V8's longest string: what parses a map as text, here or at a destination, can read no more. */
export const longestMap = 0x1fffffe8

/** An artifact without a map that no tool could read, and why. */
export function withoutOversizedMap(artifact: Artifact, limit: number): { artifact: Artifact; problem?: string } {
  const { map, ...rest } = artifact
  if (!map || map.length <= limit) return { artifact }
  return { artifact: rest, problem: oversizedProblem(map.length, limit) }
}

/** @param size in bytes, as is the limit */
export function oversizedProblem(size: number, limit: number): string {
  return `its source map has ${megabytes(size)} MB and tools read at most ${megabytes(limit)} MB; split the script, or leave the sources' content out of the map`
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / 2 ** 20)
}
