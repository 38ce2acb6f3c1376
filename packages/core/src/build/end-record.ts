import type { BuildRecord, Vault } from '../types.ts'
import { renewed } from './earlier-part.ts'

/**
 * Writes a build's record for the last time before it is delivered. If the record was open, another process may have
 * delivered or dropped something meanwhile, which stays as it is.
 *
 * @param record is changed to what is written
 */
export async function endRecord(record: BuildRecord, vault: Vault, state?: 'failed'): Promise<void> {
  const stored = record.state === 'open' ? await vault.find(record.id) : undefined
  if (stored) record.deliveries = hasAll(stored, record) ? stored.deliveries : renewedBy(stored, record)
  if (state) record.state = state
  else {
    delete record.state
    delete record.openedBy
  }
  await vault.record(record)
}

/** All files of this part are sent again, so only those of earlier parts count as delivered before. */
function renewedBy(stored: BuildRecord, { deliveries }: BuildRecord): BuildRecord['deliveries'] {
  return Object.fromEntries(
    Object.entries(renewed(stored)).map(([name, delivery]) => {
      const earlier = deliveries[name]?.earlier ?? 0
      return [name, delivery.earlier === undefined ? delivery : { ...delivery, earlier }]
    }),
  )
}

/** Whether all files of the record are in the one that is stored, and so in what another process delivered. */
function hasAll(stored: BuildRecord, { files }: BuildRecord): boolean {
  const known = new Set(stored.files.map(file => JSON.stringify(file)))
  return files.every(file => known.has(JSON.stringify(file)))
}
