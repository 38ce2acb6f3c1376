import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { computeDebugId, listFiles, mapPattern, type Participation, readTrailingComments } from '@mapseal/core'
import { isStray } from '../../stray-maps.ts'

/**
 * Takes the hidden source maps that another plugin writes in a hook into the vault, and out of the output: a build of its own made
 * them because we hide those of the whole. Its scripts are left as they are, and so as they would be without us.
 *
 * @param session the build's, when the hook is done
 */
export async function takingNestedMaps<Result>(
  outDirs: string[],
  session: () => Participation,
  call: () => Promise<Result>,
): Promise<Result> {
  const before = new Set((await Promise.all(outDirs.map(mapsIn))).flat())
  const result = await call()
  for (const outDir of outDirs) {
    const added = (await mapsIn(outDir)).filter(map => !before.has(map) && isHidden(map))
    if (added.length > 0) await takeMaps(outDir, added, session())
  }
  return result
}

/** Their absolute paths. */
async function mapsIn(outDir: string): Promise<string[]> {
  const names = await listFiles(outDir).catch(() => [])
  return names.filter(name => mapPattern.test(name)).map(name => join(outDir, name))
}

const scriptOf = (map: string) => map.slice(0, -'.map'.length)

/** Whether it is of a script that does not link to it. */
function isHidden(map: string): boolean {
  const script = scriptOf(map)
  if (!existsSync(script) || !isStray(map, () => readFileSync(map))) return false
  return readTrailingComments(readFileSync(script)).mapUrl === undefined
}

async function takeMaps(outDir: string, maps: string[], session: Participation): Promise<void> {
  const taken = maps.filter(map => !session.allows(map.slice(outDir.length + 1)))
  for (const map of taken) {
    const path = scriptOf(map).slice(outDir.length + 1)
    const code = readFileSync(scriptOf(map))
    const debugId = computeDebugId(path, hash => void hash.update(code))
    await session.add(outDir, { path, debugId, code, map: readFileSync(map) })
  }
  await session.commit()
  for (const map of taken) rmSync(map)
}
