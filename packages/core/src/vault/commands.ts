import { createHash } from 'node:crypto'
import type { Store } from './store.ts'

export const commandPrefix = 'commands/'

/**
 * The ID of the build that the processes of one command add to: that of the first process to come, until one replaces it.
 *
 * @param command what the processes have in common
 * @param id the one to take where there is none, or where it is `replaced`
 */
export async function claim(store: Store, command: string, id: string, replaced?: string): Promise<string> {
  // There, each process has a record of its own.
  if ((await store.isExclusive?.()) === false) return id
  let claimed = id
  await store.update(commandPrefix + createHash('sha256').update(command).digest('hex'), bytes => {
    const current = bytes?.toString()
    claimed = current === undefined || current === replaced ? id : current
    return claimed === current ? undefined : Buffer.from(claimed)
  })
  return claimed
}
