import type { BuildRecord, Vault } from '../types.ts'

/**
 * Changes a record as it is now, not as it was when the caller read it: another process may have delivered, flushed or
 * forgotten since. One that was pruned meanwhile is not brought back.
 *
 * @param change gives the new record, or the same object where there is nothing to change
 * @returns the record as it is then; undefined where there is none
 * @throws MapsealError where the vault cannot be written, SyntaxError where the record cannot be read
 */
export async function amendRecord(
  vault: Vault,
  id: string,
  change: (build: BuildRecord) => BuildRecord,
): Promise<BuildRecord | undefined> {
  const build = await vault.find(id)
  if (!build) return undefined
  const changed = change(build)
  if (changed !== build) await vault.record(changed)
  return changed
}
