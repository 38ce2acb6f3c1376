import { splitTail } from '../tail.ts'
import type { Build } from '../types.ts'

const canonical = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** I2, at rest: one ID in the trailing comment of each script, its own, and the same in its map and in the vault. */
export function checkIdentified(sealed: Build, scripts: string[], ids: Map<string, string>): string[] {
  const owners = new Map<string, string>()
  return scripts.flatMap(path => {
    const { debugIds } = splitTail(sealed.files.get(path)?.toString() ?? '')
    if (debugIds.length !== 1) return [`I2 ${path}: ${debugIds.length} debug IDs in the trailing comments`]
    const id = debugIds[0] as string
    const problems: string[] = []
    if (!canonical.test(id)) problems.push(`${id} is not canonical`)
    const owner = owners.get(id)
    if (owner !== undefined && !isCopy(sealed, owner, path)) problems.push(`shares ${id} with ${owner}`)
    owners.set(id, path)
    if (ids.get(path) !== id) problems.push(`comment says ${id}, vault ${ids.get(path)}`)
    const map = sealed.maps.get(path)
    const { debugId, debug_id: legacyId } = map ? (JSON.parse(map.toString()) as Record<string, unknown>) : {}
    if (map && debugId !== id) problems.push(`comment says ${id}, map's debugId ${debugId}`)
    if (map && legacyId !== id) problems.push(`comment says ${id}, map's debug_id ${legacyId}`)
    return problems.map(problem => `I2 ${path}: ${problem}`)
  })
}

/**
 * The same bytes may have the same ID: one script in two output folders, whose maps differ only in how deep their
 * sources lie. An ID that depended on the folder would change with the folder a build is written to.
 */
function isCopy({ files, maps }: Build, a: string, b: string): boolean {
  const meaning = (path: string) => {
    const { sources = [], ...map } = JSON.parse(maps.get(path)?.toString() ?? '{}') as { sources?: string[] }
    return JSON.stringify({ ...map, sources: sources.map(source => source.replace(/^(?:\.\.\/)+/, '')) })
  }
  return files.get(a)?.toString() === files.get(b)?.toString() && meaning(a) === meaning(b)
}

/** I2, at run time: each script that ran registered exactly its own ID, once. `keys` are the registry's stacks. */
export function checkRegistered(registry: Record<string, unknown>, expected: Map<string, string>): string[] {
  const found = new Map<string, unknown[]>()
  const problems: string[] = []
  for (const [stack, value] of Object.entries(registry)) {
    const path = ownerOf(stack, expected)
    if (path === undefined) problems.push(`I2 at run time: a stack of no script has ${value}: ${stack.slice(0, 200)}`)
    else found.set(path, [...(found.get(path) ?? []), value])
  }
  for (const [path, id] of expected) {
    const values = found.get(path) ?? []
    if (values.length !== 1 || values[0] !== id) {
      problems.push(`I2 ${path}: registered ${JSON.stringify(values)} at run time, should be ${id}`)
    }
  }
  return problems
}

/** The script that the first frame with a known path names. */
function ownerOf(stack: string, scripts: Map<string, string>): string | undefined {
  for (const line of stack.split('\n')) {
    const plain = decode(line)
    const matches = [...scripts.keys()].filter(path => plain.includes(`/${path}:`) || plain.includes(`/${path}?`))
    if (matches.length > 0) return matches.sort((a, b) => b.length - a.length)[0]
  }
  return undefined
}

function decode(line: string): string {
  try {
    return decodeURI(line)
  } catch {
    return line
  }
}
