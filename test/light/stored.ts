import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type BuildRecord, openVault } from '@mapseal/core'

export interface Stored {
  /** How many files. */
  packs: number | undefined
  builds: number | undefined
  /** In `tmp/`. */
  leftOver: string[] | undefined
  /** The files of the newest build. */
  files: BuildRecord['files']
  /** Size of its files and maps; identical ones count once, as they are stored once. */
  bytes: number
  mapBytes: number
}

/** What a vault holds, read in this process. */
export async function readStored(vault: string): Promise<Stored> {
  const records = await openVault(vault, vault).records()
  const [packs, builds, rest] = await Promise.all(['packs', 'builds', 'tmp'].map(key => readdir(join(vault, key))))
  const files = records[0]?.files ?? []
  const blobs = files.flatMap(({ code, map }) => (map ? [code, map] : [code]))
  const sizes = new Map(blobs.map(({ sha256, size }) => [sha256, size]))
  return {
    packs: packs?.length,
    builds: builds?.length,
    leftOver: rest,
    files,
    bytes: [...sizes.values()].reduce((sum, size) => sum + size, 0),
    mapBytes: files.reduce((sum, { map }) => sum + (map?.size ?? 0), 0),
  }
}
