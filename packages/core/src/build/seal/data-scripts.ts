import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { mapLimit } from '../../concurrency.ts'
import { isData } from '../../inject/exported-literal.ts'
import { readTrailingComments } from '../../inject/trailing-comments.ts'
import { scriptPattern } from '../scan.ts'
import type { Folder } from './seal-folder.ts'

/**
 * Manifests that are scripts of nothing but data. They need no debug ID, and the framework may yet write them anew. The first
 * script of a page is not among them: it carries the release.
 */
export async function findDataScripts({
  dir,
  files,
  session,
  places,
  first,
}: Pick<Folder, 'dir' | 'files' | 'session' | 'places' | 'first'>): Promise<Set<string>> {
  const unmapped = files.filter(
    path =>
      scriptPattern.test(path) && session.selects(path, dir) && places.get(path)?.kind === 'none' && !first.has(path),
  )
  const found = new Set<string>()
  await mapLimit(unmapped, 4, async path => {
    const code = await readFile(join(dir, path))
    if (readTrailingComments(code).debugId === undefined && isData(code)) found.add(path)
  })
  return found
}
