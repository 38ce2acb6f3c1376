import { createHash } from 'node:crypto'
import type { BuildRecord } from '../../types.ts'

/**
 * What builds are looked up by: the debug ID of a file, its name without folders, a release, or the digest at the end of the ID
 * that a server gives to an upload.
 */
export type KeyKind = 'id' | 'name' | 'release' | 'upload'

/** 48 bits, which numbers hold exactly. Two keys with one hash cost a look into a record, which has the last word. */
export const hashBytes = 6

export function keyHash(kind: KeyKind, value: string): number {
  return createHash('sha256').update(`${kind}\0${value}`).digest().readUIntBE(0, hashBytes)
}

/** The hashes of everything that a build is looked up by, ascending. */
export function keysOf({ id, files, release }: Pick<BuildRecord, 'id' | 'files' | 'release'>): number[] {
  const keys = new Set<number>()
  for (const { debugId, path } of files) {
    keys.add(keyHash('id', debugId))
    keys.add(keyHash('name', nameIn(path)))
  }
  if (release) keys.add(keyHash('release', release.name))
  const upload = uploadOf(id)
  if (upload !== undefined) keys.add(keyHash('upload', upload))
  return [...keys].sort((one, other) => one - other)
}

/** The name at the end of a URL or a path, without query and fragment, decoded where possible; a folder's is that of its page. */
export function nameIn(path: string): string {
  const bare = path.replace(/^[a-z][a-z\d+.-]*:\/\/[^/]*/i, '').replace(/[?#].*$/s, '')
  const name = /[^/\\]*$/.exec(bare)?.[0] || 'index.html'
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

/** The digest in the ID of an upload. */
export function uploadOf(id: string): string | undefined {
  return /-([\da-f]{16})$/.exec(id)?.[1]
}

/** A project and the folders that it was built into. Uploads are all of one: their folders are made up. */
export function appOf({ project, projects, files }: BuildRecord): string {
  const folders = [...new Set(files.map(({ outDir }) => outDir))].sort()
  return projects ? uploadsApp : shortHash(JSON.stringify([project, folders]))
}

const shortHash = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 12)

export const uploadsApp: string = 'uploads'
