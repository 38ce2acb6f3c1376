import { type Stats, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { bare } from '@mapseal/core'
import type { Compilation, Compiler } from 'webpack'

/** Whether a compilation was written to the disk: any object may be the output file system, and keep its files in memory. */
export async function isOnDisk(compilation: Compilation): Promise<boolean> {
  const { compiler, outputOptions } = compilation
  for (const { name } of compilation.getAssets()) {
    const path = resolve(outputOptions.path as string, bare(name))
    const written = await statOf(compiler, path)
    if (!written) continue // Another plugin may have deleted it since.
    const found = statSync(path, { throwIfNoEntry: false })
    return found?.ino === written.ino && found.mtimeMs === written.mtimeMs
  }
  return true
}

function statOf({ outputFileSystem }: Compiler, path: string): Promise<Stats | undefined> {
  return new Promise(done => {
    if (!outputFileSystem?.stat) return done(undefined)
    outputFileSystem.stat(path, (error, stats) => done(error ? undefined : (stats as Stats)))
  })
}
