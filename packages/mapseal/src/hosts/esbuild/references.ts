import { readFileSync, writeFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { listFiles } from '@mapseal/core'
import type { Output } from './outputs.ts'

const holders = /\.(?:x?html?|json|webmanifest|xml|txt)$/i

/**
 * Puts the new names of scripts into the pages and manifests that plugins before ours have written. The names hold a hash, so
 * nothing else is called so, and are as long as before.
 *
 * @param renames base names
 */
export async function renameReferences(
  outDir: string,
  root: string,
  renames: Map<string, string>,
  files: Map<string, Output>,
): Promise<void> {
  // Nothing but output is changed: where the project is in the folder, it is not an output folder alone.
  if (renames.size === 0 || !relative(outDir, root).startsWith('..')) return
  for (const name of await listFiles(outDir).catch(() => [])) {
    const path = join(outDir, name)
    if (!holders.test(basename(path)) || files.has(path)) continue
    const text = readFileSync(path, 'latin1')
    let renamed = text
    for (const [before, after] of renames) renamed = renamed.replaceAll(before, after)
    if (renamed !== text) writeFileSync(path, renamed, 'latin1')
  }
}
