import type { BuildRecord } from '../types.ts'

/** Names of the packs that the files of a build are in. */
export function packsOf({ files }: Pick<BuildRecord, 'files'>): string[] {
  return [...new Set(files.flatMap(({ code, map }) => (map ? [code.pack, map.pack] : [code.pack])))]
}

export function packKey(name: string): string {
  return `packs/${name}`
}
