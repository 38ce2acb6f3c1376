import { join, relative } from 'node:path'
import { openVault } from '@mapseal/core'
import type { Build, Files } from './types.ts'

export interface Kept {
  /** Build records in the vault. */
  builds: number
  maps: Files
  codes: Files
  /** Debug IDs. */
  ids: Map<string, string>
  /** Why stacks of a script cannot be read. */
  problems: Map<string, string>
  release: string | undefined
}

/** What a vault holds of an output folder, by path below it. */
export async function readVault(dir: string, project: string, outDir: string): Promise<Kept> {
  const vault = openVault(dir, dir)
  const kept: Kept = {
    builds: 0,
    maps: new Map(),
    codes: new Map(),
    ids: new Map(),
    problems: new Map(),
    release: undefined,
  }
  for (const build of await vault.records()) {
    kept.builds += 1
    kept.release ??= build.release?.name
    for (const file of build.files) {
      const path = relative(outDir, join(project, file.outDir, file.path)).replaceAll('\\', '/')
      kept.ids.set(path, file.debugId)
      kept.codes.set(path, Buffer.from(await vault.read(file.code)))
      if (file.map) kept.maps.set(path, Buffer.from(await vault.read(file.map)))
      if (file.problem !== undefined) kept.problems.set(path, file.problem)
    }
  }
  return kept
}

/** The output folder and the vault together. */
export function sealedBuild(outDir: string, files: Files, { maps }: Kept): Build {
  return { outDir, files, maps }
}
