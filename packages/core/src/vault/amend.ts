import type { BuildRecord, Vault } from '../types.ts'

/**
 * Changes a record as it is now, not as it was when the caller read it: another process may have delivered, flushed or
 * forgotten since. One that was pruned meanwhile is not brought back.
 *
 * @param change gives the new record, or the same object where there is nothing to change; it may be called several times
 * @returns the record as it is then; undefined where there is none
 * @throws MapsealError where the vault cannot be written or the record cannot be read
 */
export function amendRecord(
  vault: Vault,
  id: string,
  change: (build: BuildRecord) => BuildRecord,
): Promise<BuildRecord | undefined> {
  return vault.amend(id, build => build && change(build))
}
