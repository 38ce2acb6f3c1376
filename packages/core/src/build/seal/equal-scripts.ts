import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { readTrailingComments } from '../../inject/trailing-comments.ts'
import { groupBy } from './group-by.ts'

export interface ScriptOfFolder {
  path: string
  hasMap: boolean
}

/**
 * Scripts that are equal byte for byte to another: copies that a tool made for a server, whose maps it did not copy, and those
 * of which only one digest is known. They are sealed as that one is.
 *
 * @param mustFollow whether a script has to stay equal to the others though it has a map of its own
 * @returns the path of the script to follow, by path
 */
export async function findEqualScripts(
  dir: string,
  scripts: ScriptOfFolder[],
  mustFollow: (path: string) => boolean,
): Promise<Map<string, string>> {
  const leaders = new Map<string, string>()
  const bySize = await groupBy(scripts, async ({ path }) => String((await stat(join(dir, path))).size))
  for (const sameSize of bySize.filter(group => group.length > 1)) {
    const groups = await groupBy(sameSize, async ({ path }) => {
      const bytes = await readFile(join(dir, path))
      return createHash('sha256').update(bytes).digest('hex')
    })
    for (const group of groups.filter(group => group.length > 1)) {
      const leader = group.find(({ hasMap }) => hasMap) ?? (await sealedBefore(dir, group))
      if (!leader) continue
      for (const { path, hasMap } of group) {
        if (path !== leader.path && (!hasMap || mustFollow(path))) leaders.set(path, leader.path)
      }
    }
  }
  return leaders
}

/** Those that a run before this one made have one ID, and stay equal. */
async function sealedBefore(dir: string, group: ScriptOfFolder[]): Promise<ScriptOfFolder | undefined> {
  const [first] = group as [ScriptOfFolder]
  return readTrailingComments(await readFile(join(dir, first.path))).debugId === undefined ? undefined : first
}
