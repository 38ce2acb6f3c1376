import { createHash } from 'node:crypto'
import { reason } from '../errors.ts'
import { reachBeyond } from '../map/pairs.ts'
import { inspectMap } from '../map/validate/validate.ts'
import type { BuildRecord, FileRecord, Vault } from '../types.ts'
import type { CompareMap, MapDifference } from './deep.ts'

interface IdentifiedScript {
  path: string
  debugId: string
  code: Buffer
}

/** What is wrong with the map of one script, one sentence each; `'no map'` where the build made none, which is not an error. */
export type MapCheck = (script: IdentifiedScript) => Promise<MapDifference[] | 'no map'>

/** More of one map than this are summed up. */
const mostDifferences = 5

export interface MapCheckOptions {
  /** Reads each map a second time. */
  compare?: CompareMap | undefined
  /** Whether scripts need not be in the vault, as where their maps stay beside them. */
  isPartial?: boolean
}

/** Compares script by script with what the vault's records say. */
export function createMapCheck(vault: Vault, records: BuildRecord[], options: MapCheckOptions = {}): MapCheck {
  const byId = new Map<string, FileRecord[]>()
  for (const file of records.flatMap(build => build.files)) {
    byId.set(file.debugId, [...(byId.get(file.debugId) ?? []), file])
  }
  return script => checkScript(script, byId.get(script.debugId) ?? [], vault, options)
}

async function checkScript(
  { path, code }: IdentifiedScript,
  files: FileRecord[],
  vault: Vault,
  { compare, isPartial }: MapCheckOptions,
): Promise<MapDifference[] | 'no map'> {
  const sha256 = createHash('sha256').update(code).digest('hex')
  const file = files.find(file => file.code.sha256 === sha256) ?? files.find(file => file.path === path) ?? files[0]
  const fault = (message: string): MapDifference => ({ message })
  if (!file && isPartial) return []
  if (!file) return [fault(`the vault ${vault.location} holds nothing under its debug ID; seal the folder again`)]
  if (!file.map) return 'no map'

  const isChanged = file.code.sha256 !== sha256
  const changed = isChanged ? [fault('the file changed after sealing, so its map may no longer fit')] : []
  try {
    const map = await vault.read(file.map)
    const { problems, last } = inspectMap(map, 5)
    const faults = problems.map(({ path, message }) => fault(`its map: ${[path, message].filter(Boolean).join(': ')}`))
    const reach = last && reachBeyond(last.line, code)
    const beyond = reach ? [fault(reach)] : []
    const differences = compare ? summarized((await compare(map)).differences) : []
    return [...changed, ...faults, ...beyond, ...differences]
  } catch (cause) {
    return [...changed, fault(`its map cannot be read: ${reason(cause)}`)]
  }
}

function summarized(differences: MapDifference[]): MapDifference[] {
  const more = differences.length - mostDifferences
  const rest = more > 0 ? [{ message: `…and ${more} more differences between the readers` }] : []
  return [...differences.slice(0, mostDifferences), ...rest]
}
