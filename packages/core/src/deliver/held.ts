import type { Artifact, FileRecord } from '../types.ts'

/** Names an artifact in a build's record: its debug ID and its path, since copies of a script share the ID. */
export function artifactKey({ path, debugId }: Pick<Artifact, 'path' | 'debugId'>): string {
  return `${debugId} ${path}`
}

/** The files that a destination does not have yet. */
export function lackingFiles(files: FileRecord[], held: string[]): FileRecord[] {
  if (held.length === 0) return files
  const keys = new Set(held)
  return files.filter(file => !keys.has(artifactKey(file)))
}
