import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { BuildRecord, Vault } from '../types.ts'
import { processState } from './process-state.ts'
import { fileKey, type Sealed } from './sealed.ts'

export function rememberPart(key: string, record: BuildRecord): void {
  processState().endedBuilds.set(key, record)
}

/**
 * The record that a build adds to: of one that ended before it in this process, or that the same command wrote in another
 * (`MAPSEAL_BUILD`). An output folder that is built again begins a new one.
 */
export async function earlierPart(
  key: string,
  vault: Vault,
  sealed: Sealed,
  root: string,
): Promise<BuildRecord | undefined> {
  const remembered = processState().endedBuilds.get(key)
  if (remembered && isBuiltAgain(remembered, sealed, root)) return undefined
  // Another process may have flushed it since. Pruning reports a record that cannot be read.
  const found = remembered ? await vault.find(remembered.id).catch(() => undefined) : await ofSameCommand(vault)
  if (!found || isBuiltAgain(found, sealed, root)) return undefined
  const { state, openedBy, ...record } = found // This part opens it anew.
  return { ...record, deliveries: renewed(record) }
}

async function ofSameCommand(vault: Vault): Promise<BuildRecord | undefined> {
  const command = process.env.MAPSEAL_BUILD
  if (!command) return undefined
  // A record that cannot be read is reported by whatever reads all of them.
  return (await vault.records(() => {})).find(record => record.command === command)
}

/** Whether a file is sealed a second time, or what shared a folder with the new files has been cleared away. */
function isBuiltAgain({ files }: BuildRecord, sealed: Sealed, root: string): boolean {
  return files.some(file => {
    const { outDir, path, fate } = file
    const folder = resolve(root, outDir)
    if (!sealed.outDirs.has(folder)) return false
    return sealed.files.has(fileKey(file)) || (fate === undefined && !existsSync(resolve(folder, path)))
  })
}

/** What was delivered is not sent again, but the destination has not had the rest. */
export function renewed({ deliveries }: Pick<BuildRecord, 'deliveries'>): BuildRecord['deliveries'] {
  return Object.fromEntries(
    Object.entries(deliveries).map(([name, delivery]) => {
      const { state, artifacts = 0 } = delivery
      return [name, state === 'delivered' ? { state: 'pending', at: delivery.at, earlier: artifacts } : delivery]
    }),
  )
}
