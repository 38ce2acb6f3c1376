import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { computeDebugId, isWrittenSince, listFiles, pagePattern, scriptPattern, stylePattern } from '@mapseal/core'
import { keyOf, type Output, type Sealer } from './outputs.ts'

const problem = 'another plugin put a script there before it was sealed; list mapseal() before that plugin'

/**
 * Reports pages and scripts into which plugins before ours have put code of this build, which has the marker and no ID. Called when
 * all builds that write to the folder at the same time are sealed.
 *
 * @param root the project's folder: one that is in the output folder is not looked through
 * @param startedAt milliseconds since 1970: older files are of another build, such as one in watch mode
 */
export async function reportUnsealed(
  { session, outDir, files, marker }: Sealer,
  root: string,
  startedAt: number,
): Promise<void> {
  if (!relative(outDir, root).startsWith('..')) return
  let isClean = true
  const isLooked = (name: string) => pagePattern.test(name) || scriptPattern.test(name)
  for (const path of (await listFiles(outDir).catch(() => [])).filter(isLooked)) {
    const file = join(outDir, path)
    if (files.has(file) || !isWrittenSince(file, startedAt)) continue
    const code = readFileSync(file)
    if (!code.includes(marker) || code.includes('_sentryDebugIds')) continue
    const debugId = computeDebugId(path, hash => void hash.update(code))
    await session.add(outDir, { path, debugId, code }, problem)
    isClean = false
  }
  if (isClean) return
  session.markOnDisk(outDir)
  await session.commit()
}

/**
 * Drops the scripts and style sheets from the list that plugins before ours have taken away: renamed, or put into a page. The maps of
 * the scripts go into the vault.
 */
export async function keepOrphans({ session, outDir, files, options }: Sealer): Promise<void> {
  const maps: Output[] = []
  for (const [path, file] of files) {
    const isScript = scriptPattern.test(path)
    if (!(isScript || stylePattern.test(path)) || file.isThere()) continue
    files.delete(path)
    const map = files.get(`${path}.map`)
    if (!isScript || !map?.isThere()) continue
    maps.push(map)
    const bytes = map.read()
    const name = keyOf(path, outDir)
    const debugId = computeDebugId(name, hash => void hash.update(bytes))
    await session.add(outDir, { path: name, debugId, code: Buffer.alloc(0), map: bytes })
  }
  if (maps.length === 0) return
  await session.commit()
  if (options.output === 'sealed') for (const map of maps) map.remove()
}
