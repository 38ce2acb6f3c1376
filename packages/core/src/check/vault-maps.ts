import { createHash } from 'node:crypto'
import { reason } from '../errors.ts'
import { inspectMap } from '../map/validate/validate.ts'
import type { FileRecord, Vault } from '../types.ts'

interface IdentifiedScript {
  path: string
  debugId: string
  code: Buffer
}

/** What is wrong with the map of one script, one sentence each; `'no map'` where the build made none, which is not an error. */
export type MapCheck = (script: IdentifiedScript) => Promise<string[] | 'no map'>

/** Reads the vault's records once, then compares script by script. */
export async function createMapCheck(vault: Vault): Promise<MapCheck> {
  const byId = new Map<string, FileRecord[]>()
  for (const file of (await vault.records()).flatMap(build => build.files)) {
    byId.set(file.debugId, [...(byId.get(file.debugId) ?? []), file])
  }
  return script => checkScript(script, byId.get(script.debugId) ?? [], vault)
}

async function checkScript(
  { path, code }: IdentifiedScript,
  files: FileRecord[],
  vault: Vault,
): Promise<string[] | 'no map'> {
  const sha256 = createHash('sha256').update(code).digest('hex')
  const file = files.find(file => file.code.sha256 === sha256) ?? files.find(file => file.path === path) ?? files[0]
  if (!file) return [`the vault ${vault.location} holds nothing under its debug ID; seal the folder again`]
  if (!file.map) return 'no map'

  const changed = file.code.sha256 === sha256 ? [] : ['the file changed after sealing, so its map may no longer fit']
  try {
    const { problems, last } = inspectMap(await vault.read(file.map), 5)
    const faults = problems.map(problem => `its map: ${[problem.path, problem.message].filter(Boolean).join(': ')}`)
    const lines = countLines(code)
    const beyond = last && last.line > lines ? [`its map reaches line ${last.line}, but it has ${lines}`] : []
    return [...changed, ...faults, ...beyond]
  } catch (cause) {
    return [...changed, `its map cannot be read: ${reason(cause)}`]
  }
}

function countLines(code: Buffer): number {
  return code.toString('latin1').split(/\r\n|\n|\r/).length
}
